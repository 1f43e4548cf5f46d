import type { Platform } from '@stellwerk/contracts';
import { startRun, type EventContext, type FlowMatch, type PlanFacts } from '@stellwerk/flows';

/** How a run would begin: flat, so that two can be compared value by value. */
export type Preview = Readonly<Record<string, string>>;

/** What both sides of a backtest share; rules of environments are those of the changed files. */
export interface Surroundings {
  connections: Readonly<Record<string, Platform>>;
  environments: PlanFacts['environments'];
}

/** What a match would do first: state, rendered env, and the rendered `with` of the steps that start at once. Nothing is sent. */
export const previewOf = ({ flow, trigger }: FlowMatch, event: EventContext, { connections, environments }: Surroundings): Preview => {
  const facts: PlanFacts = { now: new Date(event.occurredAt), random: () => 0.5, runUrl: 'https://stellwerk.invalid/runs/backtest', environments, ledger: {} };
  const { run, effects } = startRun({ id: 'backtest', flow, trigger, event, connections: { ...connections }, reportTo: [], chain: { links: 0, flows: [] } }, facts);
  const commands = effects.flatMap((effect) => (effect.kind === 'command' ? [effect.command] : []));
  return flat({
    state: run.state, ...(run.state === 'failed' && { reason: run.reason }), env: run.env,
    steps: Object.fromEntries([
      ...run.steps.filter((step) => step.run.state !== 'pending').map((step) => [step.name, { state: step.run.state, reason: step.run.reason }] as const),
      ...commands.map(({ step, connection, action, with: values }) => [step, { uses: `${connection}/${action}`, with: values }] as const),
    ]),
  });
};

const flat = (value: unknown): Record<string, string> => {
  const found: Record<string, string> = {};
  collect(value, '', found);
  return found;
};

/** One after the other: a payload may hold more values than a call takes arguments. */
const collect = (value: unknown, path: string, found: Record<string, string>): void => {
  if (value === undefined) return;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) found[path] = JSON.stringify(value);
  for (const [key, item] of entries) collect(item, path === '' ? key : `${path}.${key}`, found);
};

export interface Difference {
  /** E.g. `env.version`, `steps.scan.with.ref`. */
  path: string;
  /** JSON; absent: it was not there. */
  before?: string;
  after?: string;
}

export const differencesOf = (before: Preview, after: Preview): Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]).sort()
    .map((path) => ({ path, ...(path in before && { before: before[path] }), ...(path in after && { after: after[path] }) }));
