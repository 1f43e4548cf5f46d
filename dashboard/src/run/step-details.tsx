/** @jsxImportSource preact */
import type { JSX } from 'preact';
import type { Attempt, Step } from '../api/run.js';
import { durationOf } from '../ui/format.js';
import { OutsideLink } from '../ui/outside-link.js';
import { StateBadge } from '../ui/state-badge.js';
import { ApprovalBox } from './approval-box.js';

/** Whatever a platform or a receiver answered: text, never markup. */
const Outputs = ({ outputs }: { outputs: Record<string, unknown> }): JSX.Element => (
  <details class="outputs">
    <summary>Outputs: {Object.keys(outputs).join(', ')}</summary>
    <pre>{JSON.stringify(outputs, null, 2)}</pre>
  </details>
);

const AttemptRow = ({ attempt, now }: { attempt: Attempt; now: number }): JSX.Element => (
  <li>
    <span class="number">Attempt {attempt.number}</span>
    <StateBadge state={attempt.state} />
    {attempt.run
      ? <OutsideLink url={attempt.run.url}>{attempt.connection} run {attempt.run.id}</OutsideLink>
      : <span class="dim">{attempt.connection}: no run yet</span>}
    <span class="dim">{durationOf(attempt.startedAt, attempt.finishedAt, now) ?? ''}</span>
    {attempt.reason && <span class="reason">{attempt.reason}</span>}
    {attempt.outputs && <Outputs outputs={attempt.outputs} />}
  </li>
);

const Attempts = ({ attempts, now }: { attempts: Attempt[]; now: number }): JSX.Element => (
  <ol class="attempts">{attempts.map((attempt) => <AttemptRow key={attempt.number} attempt={attempt} now={now} />)}</ol>
);

/** One step with all its attempts and its rollback. */
export const StepDetails = ({ step, now }: { step: Step; now: number }): JSX.Element => (
  <section class="step" id={`step-${step.name}`} aria-label={`Step ${step.name}`} tabIndex={-1}>
    <h3>{step.name} <StateBadge state={step.state} /></h3>
    <p class="dim">
      {step.uses && <code>{step.uses}</code>}
      {step.environment && <span>environment {step.environment}</span>}
      {step.needs.length > 0 && <span>after {step.needs.join(', ')}</span>}
    </p>
    {step.reason && <p class="reason">{step.reason}</p>}
    {step.approval && <ApprovalBox approval={step.approval} />}
    {step.attempts.length > 0 && <Attempts attempts={step.attempts} now={now} />}
    {step.rollback && (
      <div class="rollback">
        <h4>Rollback <StateBadge state={step.rollback.state} /></h4>
        {step.rollback.reason && <p class="reason">{step.rollback.reason}</p>}
        <Attempts attempts={step.rollback.attempts} now={now} />
      </div>
    )}
  </section>
);
