import { fields, table } from '../api/table.js';
import type { Attempt, Run, Step } from './runs.js';

const shortSha = (sha: string | null): string => sha?.slice(0, 8) ?? '';

export const asTable = (runs: readonly Run[]): string[] => table([
  ['ID', 'CREATED', 'FLOW', 'STATE', 'REPOSITORY', 'BRANCH', 'COMMIT', 'REASON'],
  ...runs.map(({ id, createdAt, flow, state, event, reason }) => [id, createdAt, flow, state, event.repository ?? '', event.branch ?? '', shortSha(event.sha), reason ?? '']),
]);

const causeOf = ({ event }: Run): string => [event.type, event.connection && `on ${event.connection}`, event.actor && `by ${event.actor}`].filter(Boolean).join(' ');

const attemptLine = (what: string, { number, state, reason, run }: Attempt): string[] =>
  [`  ${what} ${number}`, state, run?.url ?? run?.id ?? '', reason ?? ''];

/** Of a join: its parts. */
const joinedOf = ({ events }: Run): string | null =>
  events && Object.entries(events).map(([part, { type }]) => `${part} (${type})`).join(', ');

const stepLines = ({ name, state, reason, uses, attempts, rollback }: Step): string[][] => [
  [name, state, uses ?? '', reason ?? ''],
  ...attempts.map((attempt) => attemptLine('attempt', attempt)),
  ...(rollback ? [['  rollback', rollback.state, '', rollback.reason ?? ''], ...rollback.attempts.map((attempt) => attemptLine('rollback', attempt))] : []),
];

/** Everything of one run. */
export const asDetails = (run: Run): string[] => [
  ...fields({
    id: run.id, flow: run.flow, revision: run.revision, state: run.state, reason: run.reason, cause: causeOf(run), joined: joinedOf(run), repository: run.event.repository,
    branch: run.event.branch, commit: run.event.sha, link: run.event.url, inputs: run.inputs && JSON.stringify(run.inputs), attempt: run.attempt,
    created: run.createdAt, finished: run.finishedAt, trace: run.trace,
  }),
  '',
  ...table([['STEP', 'STATE', 'RUNS', 'REASON'], ...run.steps.flatMap(stepLines)]),
];

export interface RollbackPlan {
  cancels: string[];
  steps: { step: string; undo: boolean; reason?: string; uses?: string; with?: Record<string, unknown> }[];
}

/** What a rollback would do, in its order. */
export const asPlan = ({ cancels, steps }: RollbackPlan): string[] => {
  if (steps.length === 0) return ['nothing to roll back: no step has done anything'];
  return [
    ...cancels.map((name) => `cancel ${name}`),
    ...table(steps.map(({ step, undo, reason, uses, with: values }) => (undo ? ['undo', step, uses ?? '', JSON.stringify(values ?? {})] : ['leave', step, '', reason ?? '']))),
  ];
};
