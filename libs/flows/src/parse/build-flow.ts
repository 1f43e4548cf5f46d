import type { Flow, FlowInput, Retry, Rollback, Step, Uses } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Parsed } from '../schema/kinds.js';
import { buildTriggers } from './build-triggers.js';
import type { Catalog } from './check-steps.js';
import { present } from './present.js';

type Spec = Parsed<'Flow'>['spec'];
type ParsedStep = Spec['steps'][string];
type ParsedRetry = NonNullable<ParsedStep['retry']>;

const NO_RETRY: Retry = { attempts: 1, on: [], backoffMs: 0, factor: 1, maxMs: 0 };

/** The flow as it runs. Its checks have passed. */
export const buildFlow = ({ metadata, spec }: Parsed<'Flow'>, file: string, catalog: Catalog): Flow => {
  const content = {
    name: metadata.name,
    labels: metadata.labels ?? {},
    ...present({ description: spec.description, report: spec.report }),
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

const buildInputs = (inputs: NonNullable<Spec['inputs']>): Record<string, FlowInput> =>
  Object.fromEntries(Object.entries(inputs).map(([name, { type, required, ...rest }]) => [name, { type, required, ...present(rest) }]));

const buildStep = (name: string, step: ParsedStep, catalog: Catalog): Step => {
  const uses = buildUses(step.uses ?? '');
  return {
    name,
    needs: step.needs,
    ...present({ if: step.if, environment: step.environment }),
    uses,
    with: step.with,
    ...buildAwait(step.await, uses, catalog),
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
