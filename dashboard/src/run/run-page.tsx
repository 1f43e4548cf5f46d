/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { ApiError, getRun } from '../api/client.js';
import type { Run } from '../api/run.js';
import { follow } from '../router.js';
import { StateBadge } from '../ui/state-badge.js';
import { lookOf } from '../ui/states.js';
import { textOf } from '../ui/text-of.js';
import { useNow } from '../ui/use-now.js';
import type { Runs } from '../use-runs.js';
import { RunFacts } from './run-facts.js';
import { RunOrders } from './run-orders.js';
import { StepDetails } from './step-details.js';
import { StepGraph } from './step-graph.js';

const useFault = (id: string, runs: Runs): string | undefined => {
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    getRun(id).then((run) => { runs.add([run]); setFault(undefined); }, (error: unknown) => {
      setFault(error instanceof ApiError && error.status === 404 ? 'There is no such run.' : textOf(error));
    });
  }, [id, runs.stream]);
  return fault;
};

const Found = ({ run }: { run: Run }): JSX.Element => {
  const now = useNow();
  useEffect(() => { document.title = `${run.flow}: ${lookOf(run.state).label} · Stellwerk`; }, [run.flow, run.state]);
  return (
    <article class="run-page" data-run={run.id} data-state={run.state}>
      <header>
        <h1>{run.flow}</h1>
        <span aria-live="polite"><StateBadge state={run.state} /></span>
        <RunOrders run={run} />
      </header>
      {run.reason && <p class="reason run-reason">{run.reason}</p>}
      <RunFacts run={run} now={now} />
      <h2>Steps</h2>
      <StepGraph steps={run.steps} now={now} />
      {run.steps.map((step) => <StepDetails key={step.name} step={step} now={now} />)}
    </article>
  );
};

/** One run, live. */
export const RunPage = ({ id, runs }: { id: string; runs: Runs }): JSX.Element => {
  const fault = useFault(id, runs);
  const run = runs.known.get(id);
  return (
    <>
      <nav aria-label="Back"><a href="/" onClick={follow('/')}>← All runs</a></nav>
      {run ? <Found run={run} /> : <p class="empty" role={fault ? 'alert' : 'status'}>{fault ?? 'Loading …'}</p>}
    </>
  );
};
