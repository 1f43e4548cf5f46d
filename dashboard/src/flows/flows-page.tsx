/** @jsxImportSource preact */
import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import type { FlowInForce } from '../api/flows.client.js';
import { ConfigState } from './config-state.js';
import { StartForm } from './start-form.js';
import { useFlows, type Config } from './use-flows.js';

const stepText = ({ name, uses, environment }: FlowInForce['steps'][number]): string => `${name}${uses ? `: ${uses}` : ''}${environment ? ` in ${environment}` : ''}`;

const FlowRow = ({ flow }: { flow: FlowInForce }): JSX.Element => (
  <li class="flow" data-flow={flow.name}>
    <h2>{flow.name}</h2>
    {flow.description && <p>{flow.description}</p>}
    <p class="dim">{flow.steps.map(stepText).join(' · ')}</p>
    <p class="dim">Revision <code title={flow.revision}>{flow.revision.slice(0, 12)}</code> · {flow.triggers === 1 ? '1 trigger' : `${flow.triggers} triggers`}
      {Object.entries(flow.labels).map(([name, value]) => <span key={name}> · {name}: {String(value)}</span>)}</p>
    <StartForm flow={flow} />
  </li>
);

/** What is in force, and what is not and why. */
export const FlowsPage = ({ config: { inForce, error: unknown } }: { config: Config }): JSX.Element => {
  const { items, error = unknown } = useFlows(inForce?.revision);
  useEffect(() => { document.title = 'Flows · Stellwerk'; }, []);
  return (
    <>
      <h1>Flows</h1>
      {error && <p class="problem" role="alert">{error}</p>}
      {inForce && <ConfigState config={inForce} />}
      {items?.length === 0 && <p class="empty">No flow is in force.</p>}
      {!!items?.length && <ul class="runs" aria-label="Flows in force">{items.map((flow) => <FlowRow key={flow.name} flow={flow} />)}</ul>}
    </>
  );
};
