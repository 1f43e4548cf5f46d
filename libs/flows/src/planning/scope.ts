import { currentAttempts } from './activity.js';
import { isFinalStep } from './moves.js';
import { ancestorsOf, stepOf } from './graph.js';
import type { Scope } from '../expressions/scope.js';
import type { Draft } from './plan.js';
import type { LastGood, StepRecord, Work } from './run-record.js';

const stepValue = (step: StepRecord): Record<string, unknown> => {
  const { run, outputs } = currentAttempts(step.run).at(-1) ?? {};
  return {
    state: step.run.state,
    ...(step.run.outcome !== undefined && { outcome: step.run.outcome }),
    ...(run && { run: { ...run } }),
    outputs: { ...outputs },
  };
};

const statusOf = ({ run, flow }: Draft, name: string): NonNullable<Scope['statusFunctions']> => {
  const states = new Map(run.steps.map((step) => [step.name, step.run.state]));
  const ancestors = [...ancestorsOf(flow, name)].map((ancestor) => states.get(ancestor));
  const failure = ancestors.includes('failed');
  const cancelled = run.cancelled !== undefined || ancestors.includes('cancelled');
  const success = !failure && !cancelled && stepOf(flow, name).needs.every((need) => states.get(need) === 'succeeded');
  return { success, failure, cancelled };
};

// `constructor` is a fine name for an environment, so own properties only.
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(record, name) ? record[name] : undefined);

/** What was good when the rollback began; before one, what is good now. */
export const lastGoodFor = ({ run, facts }: Draft, environment: string): LastGood | undefined =>
  run.rollback ? own(run.rollback.lastGood, environment) : own(facts.ledger, environment)?.lastGood;

const runValue = ({ run, facts }: Draft): Record<string, unknown> => ({ id: run.id, attempt: run.attempt, url: facts.runUrl });

/** What `env` may read, before there are steps. `events` is there however the run was started: a flow with a join may have other triggers, and people. */
export const startScope = (draft: Draft): Scope => ({
  event: { ...draft.run.event }, events: { ...draft.run.events }, inputs: { ...draft.run.inputs }, run: runValue(draft),
});

/** What the expressions of one step may read. */
export const stepScope = (draft: Draft, name: string, work: Work): Scope => {
  const { environment } = stepOf(draft.flow, name);
  const lastGood = environment === undefined ? undefined : lastGoodFor(draft, environment);
  return {
    ...startScope(draft),
    env: draft.run.env,
    steps: Object.fromEntries(draft.run.steps.map((step) => [step.name, stepValue(step)])),
    ...(environment !== undefined && { environment: { name: environment, ...(lastGood && { lastGood: { ...lastGood } }) } }),
    ...(work === 'run' && { statusFunctions: statusOf(draft, name) }),
  };
};

/** True when all that the step needs has ended. */
export const needsEnded = ({ run, flow }: Draft, name: string): boolean =>
  stepOf(flow, name).needs.every((need) => run.steps.some((step) => step.name === need && isFinalStep(step.run.state)));
