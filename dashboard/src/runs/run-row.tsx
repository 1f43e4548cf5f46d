/** @jsxImportSource preact */
import type { JSX } from 'preact';
import type { Run, RunEvent, Step } from '../api/run.js';
import { follow, runPath } from '../router.js';
import { durationOf, formatAge, shortSha } from '../ui/format.js';
import { StateBadge, StateIcon } from '../ui/state-badge.js';
import { lookOf } from '../ui/states.js';

/** `acme/shop @ main · 01234567`. */
export const Where = ({ event }: { event: RunEvent }): JSX.Element => (
  <span class="where">
    {event.repository && <span class="repository">{event.repository}</span>}
    {(event.branch ?? event.tag) && <bdi class="branch">{event.branch ?? event.tag}</bdi>}
    {event.sha && <code>{shortSha(event.sha)}</code>}
  </span>
);

const StepMarks = ({ steps }: { steps: Step[] }): JSX.Element => {
  const words = steps.map((step) => `${step.name}: ${lookOf(step.state).label}`).join(', ');
  return (
    <span class="marks" role="img" aria-label={`Steps: ${words}`}>
      {steps.map((step) => <span key={step.name} class={`mark-box tone-${lookOf(step.state).tone}`} title={`${step.name}: ${lookOf(step.state).label}`}><StateIcon state={step.state} /></span>)}
    </span>
  );
};

export const RunRow = ({ run, now }: { run: Run; now: number }): JSX.Element => (
  <li class={`run tone-${lookOf(run.state).tone}`} data-run={run.id} data-state={run.state}>
    <a href={runPath(run.id)} onClick={follow(runPath(run.id))}>
      <StateBadge state={run.state} />
      <span class="what"><strong>{run.flow}</strong><Where event={run.event} />{run.reason && <span class="reason">{run.reason}</span>}</span>
      <StepMarks steps={run.steps} />
      <span class="when">
        <time dateTime={run.createdAt} title={new Date(run.createdAt).toLocaleString()}>{formatAge(run.createdAt, now)}</time>
        <span>{durationOf(run.startedAt, run.finishedAt, now) ?? ''}</span>
      </span>
    </a>
  </li>
);
