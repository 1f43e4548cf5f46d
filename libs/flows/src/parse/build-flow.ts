import type { Concurrency, Flow, Retry, Rollback, Step, Trigger, Uses, Wait } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Parsed } from '../schema/kinds.js';
import { FILTER_KEYS } from '../schema/trigger.js';
import { buildApproval } from './build-others.js';
import type { Catalog } from './check-steps.js';

type Spec = Parsed<'Flow'>['spec'];
type ParsedTrigger = Spec['on'][number];
type ParsedStep = Spec['steps'][string];
type ParsedRetry = NonNullable<ParsedStep['retry']>;

const NO_RETRY: Retry = { attempts: 1, on: [], backoffMs: 0, factor: 1, maxMs: 0 };

/** Any event: what a trigger without `event` listens to. */
const ANY_EVENT = ['**'];

/** The flow as it runs. Its checks have passed. */
export const buildFlow = ({ metadata, spec }: Parsed<'Flow'>, file: string, catalog: Catalog): Flow => {
  const content = {
    name: metadata.name,
    labels: metadata.labels ?? {},
    ...present({ description: spec.description, report: spec.report, concurrency: spec.concurrency && buildConcurrency(metadata.name, spec.concurrency) }),
    on: spec.on.map(buildTrigger),
    timeoutMs: spec.timeout,
    env: spec.env,
    steps: Object.entries(spec.steps).map(([name, step]) => buildStep(name, step, catalog)),
    onFailure: spec['on-failure'],
    notify: spec.notify ?? [],
  };
  return { ...content, revision: revisionOf(content), file };
};

const buildConcurrency = (flow: string, { group, limit, 'when-full': whenFull }: NonNullable<Spec['concurrency']>): Concurrency =>
  ({ group: group ?? flow, limit, whenFull });

const buildTrigger = (trigger: ParsedTrigger, index: number): Trigger =>
  ({ ...buildFilters(trigger, index), event: trigger.event ?? ANY_EVENT, allowCircle: trigger['allow-circle'] });

type ParsedFilters = Pick<ParsedTrigger, (typeof FILTER_KEYS)[number] | 'forks' | 'if'>;

const buildFilters = (filters: ParsedFilters, index: number): Omit<Trigger, 'event' | 'allowCircle'> => ({
  index,
  ...present(Object.fromEntries(FILTER_KEYS.map((key) => [key, filters[key]]))),
  forks: filters.forks,
  ...present({ if: filters.if }),
});

const buildWait = (wait: ParsedStep['wait']): Wait | undefined => {
  if (wait === undefined) return undefined;
  if (typeof wait === 'number') return { ms: wait };
  return { on: { ...buildFilters(wait, 0), event: wait.event, allowCircle: true }, ...present({ key: wait.key, withinMs: wait.within }) };
};

const buildStep = (name: string, step: ParsedStep, catalog: Catalog): Step => {
  const uses = step.uses === undefined ? undefined : buildUses(step.uses);
  return {
    name,
    needs: step.needs,
    ...present({ if: step.if, environment: step.environment, uses, approve: buildApproval(step.approve), wait: buildWait(step.wait) }),
    with: step.with,
    ...(uses ? buildAwait(step.await, uses, catalog) : { await: false }),
    timeoutMs: step.timeout,
    retry: buildRetry(step.retry),
    ...(step.rollback && { rollback: buildRollback(step.rollback) }),
  };
};

const buildRollback = (rollback: NonNullable<ParsedStep['rollback']>): Rollback => ({
  uses: buildUses(rollback.uses), with: rollback.with, timeoutMs: rollback.timeout, retry: buildRetry(rollback.retry),
});

const buildUses = (uses: string): Uses => {
  const [connection = '', action = ''] = uses.split('/');
  return { connection, action };
};

const buildAwait = (value: ParsedStep['await'], uses: Uses, catalog: Catalog): Pick<Step, 'await' | 'awaitPipeline'> => {
  if (typeof value === 'object') return { await: true, awaitPipeline: value.pipeline };
  return { await: value ?? awaits(uses, catalog) };
};

const awaits = ({ connection, action }: Uses, { names, actions }: Catalog): boolean => {
  const platform = names.platformOf(connection);
  return ((platform && actions(platform).find(({ name }) => name === action)?.awaits) ?? true) === true;
};

const buildRetry = (retry: ParsedRetry | undefined): Retry =>
  retry ? { attempts: retry.attempts, on: retry.on, backoffMs: retry.backoff, factor: retry.factor, maxMs: retry.max } : NO_RETRY;

/** Without the undefined ones: absent means not named. */
const present = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
