/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact';
import type { Run } from '../api/run.js';
import { durationOf, formatAge } from '../ui/format.js';
import { OutsideLink } from '../ui/outside-link.js';

const Fact = ({ name, wide, children }: { name: string; wide?: boolean; children: ComponentChildren }): JSX.Element => (
  <div class={wide ? 'wide' : undefined}><dt>{name}</dt><dd>{children}</dd></div>
);

/** What started the run, when, and where to look further. */
export const RunFacts = ({ run, now }: { run: Run; now: number }): JSX.Element => {
  const { event } = run;
  return (
    <dl class="facts">
      <Fact name="Started by" wide><OutsideLink url={event.url}>{event.connection === null ? event.type : `${event.type} on ${event.connection}`}</OutsideLink></Fact>
      {run.events && <Fact name="Joined" wide>{Object.entries(run.events).map(([part, { type }]) => `${part} (${type})`).join(', ')}</Fact>}
      {event.title && <Fact name="Title" wide><bdi>{event.title}</bdi></Fact>}
      {event.actor && <Fact name="Actor"><bdi>{event.actor}</bdi></Fact>}
      {event.repository && <Fact name="Repository">{event.repository}</Fact>}
      {event.branch && <Fact name="Branch"><bdi>{event.branch}</bdi></Fact>}
      {event.tag && <Fact name="Tag"><bdi>{event.tag}</bdi></Fact>}
      {event.sha && <Fact name="Commit" wide><code>{event.sha}</code></Fact>}
      <Fact name="Created" wide><time dateTime={run.createdAt}>{new Date(run.createdAt).toLocaleString()}</time> ({formatAge(run.createdAt, now)})</Fact>
      <Fact name="Duration">{durationOf(run.startedAt, run.finishedAt, now) ?? 'not started'}</Fact>
      {run.inputs && Object.entries(run.inputs).map(([name, value]) => <Fact key={name} name={`Input ${name}`}><bdi>{String(value)}</bdi></Fact>)}
      {run.attempt > 1 && <Fact name="Attempt">{run.attempt}</Fact>}
      <Fact name="Flow revision"><code>{run.revision.slice(0, 12)}</code></Fact>
      {run.trace && <Fact name="Trace" wide><code>{run.trace}</code></Fact>}
      <Fact name="Run" wide><code>{run.id}</code></Fact>
    </dl>
  );
};
