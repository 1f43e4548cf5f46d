import type { Concurrency, Flow, FlowInput, Retry, Rollback, Step, Uses, Wait } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Parsed } from '../schema/kinds.js';
import { buildApproval } from './build-others.js';
import { buildFilters, buildTriggers } from './build-triggers.js';
import type { Catalog } from './check-steps.js';
import { present } from './present.js';

type Spec = Parsed<'Flow'>['spec'];
type ParsedStep = Spec['steps'][string];
type ParsedRetry = NonNullable<ParsedStep['retry']>;

type Awaited = Pick<Step, 'await' | 'awaitPipeline'>;

const NO_RETRY: Retry = { attempts: 1, on: [], backoffMs: 0, factor: 1, maxMs: 0 };

/** The flow as it runs. Its checks have passed. */
export const buildFlow = ({ metadata, spec }: Parsed<'Flow'>, file: string, catalog: Catalog): Flow => {
  const content = {
    name: metadata.name,
    labels: metadata.labels ?? {},
    ...present({ description: spec.description, report: spec.report, concurrency: spec.concurrency && buildConcurrency(metadata.name, spec.concurrency) }),
    on: buildTriggers(spec.on),
    ...(spec.inputs && { inputs: buildInputs(spec.inputs) }),
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

const buildInputs = (inputs: NonNullable<Spec['inputs']>): Record<string, FlowInput> =>
  Object.fromEntries(Object.entries(inputs).map(([name, { type, required, ...rest }]) => [name, { type, required, ...present(rest) }]));

const buildWait = (wait: ParsedStep['wait']): Wait | undefined => {
  if (wait === undefined) return undefined;
  if (typeof wait === 'number') return { ms: wait };
  return { on: buildFilters(wait), ...present({ key: wait.key, withinMs: wait.within }) };
};

const buildStep = (name: string, step: ParsedStep, catalog: Catalog): Step => {
  const uses = step.uses === undefined ? undefined : buildUses(step.uses);
  const awaited = uses ? buildAwait(step.await, uses, catalog) : { await: false };
  return {
    name,
    needs: step.needs,
    ...present({ if: step.if, environment: step.environment, uses, approve: buildApproval(step.approve), wait: buildWait(step.wait) }),
    with: step.with,
    ...awaited,
    timeoutMs: step.timeout,
    retry: buildRetry(step.retry),
    ...(step.rollback && { rollback: buildRollback(step.rollback, { ...awaited, of: step.uses }, catalog) }),
  };
};

const buildRollback = (rollback: NonNullable<ParsedStep['rollback']>, step: Awaited & { of?: string }, catalog: Catalog): Rollback => {
  const uses = buildUses(rollback.uses);
  return { uses, with: rollback.with, timeoutMs: rollback.timeout, retry: buildRetry(rollback.retry), ...ownAwait(rollback, uses, step, catalog) };
};

/** Its own action says whether there is an end to wait for; said only where the step's says otherwise, so that the flow's revision stays. */
const ownAwait = (rollback: NonNullable<ParsedStep['rollback']>, uses: Uses, step: Awaited & { of?: string }, catalog: Catalog): Partial<Awaited> => {
  // What waits only when asked is asked by the step, as a rollback by the same action is the same kind of work.
  if (rollback.await === undefined && rollback.uses === step.of && !awaits(uses, catalog)) return {};
  const own = buildAwait(rollback.await, uses, catalog);
  return own.await === step.await && own.awaitPipeline === undefined && (step.awaitPipeline === undefined || rollback.uses !== step.of) ? {} : own;
};

const buildUses = (uses: string): Uses => {
  const [connection = '', action = ''] = uses.split('/');
  return { connection, action };
};

const buildAwait = (value: ParsedStep['await'], uses: Uses, catalog: Catalog): Awaited => {
  if (typeof value === 'object') return { await: true, awaitPipeline: value.pipeline };
  return { await: value ?? awaits(uses, catalog) };
};

const awaits = ({ connection, action }: Uses, { names, actions }: Catalog): boolean => {
  const platform = names.platformOf(connection);
  return ((platform && actions(platform).find(({ name }) => name === action)?.awaits) ?? true) === true;
};

const buildRetry = (retry: ParsedRetry | undefined): Retry =>
  retry ? { attempts: retry.attempts, on: retry.on, backoffMs: retry.backoff, factor: retry.factor, maxMs: retry.max } : NO_RETRY;
