import type { Outcome } from '@stellwerk/contracts';
import { z } from 'zod';
import { approval } from './approval.js';
import { filters } from './trigger.js';
import { anyMap, closed, condition, duration, flag, globs, name, oneOf, oneOrMore, said, text, timeLimit, whole } from './shapes.js';

/** Objects lose a field called `__proto__`. */
export const STEP_NAME = /^(?!__proto__$)[a-z0-9_-]{1,40}$/;
export const STEP_NAME_EXPECTED = 'expected a step name of 1 to 40 characters out of a-z, 0-9, - and _, other than __proto__';

const USES_EXPECTED = 'expected <connection>/<action>, e.g. gitlab/trigger-pipeline';
const uses = z.string({ error: USES_EXPECTED }).regex(/^[^/\s]+\/[^/\s]+$/, { error: USES_EXPECTED });

/** What succeeded would be started twice. */
const RETRIED = ['failure', 'error', 'timeout', 'cancelled', 'skipped'] as const satisfies readonly Outcome[];

const FACTOR_EXPECTED = 'expected a number from 1 to 100';
const retry = closed({
  attempts: whole(1, 100).default(3).meta(said('How often it is tried, the first one included', 3)),
  on: oneOrMore(oneOf(RETRIED), 'an outcome').prefault(['failure', 'timeout', 'error']).meta(said('After which outcomes; a refused trigger is never repeated', ['failure', 'timeout'])),
  backoff: duration.prefault('10s').meta(said('The first pause is anything up to it', '30s')),
  factor: z.number({ error: FACTOR_EXPECTED }).min(1, { error: FACTOR_EXPECTED }).max(100, { error: FACTOR_EXPECTED }).default(2)
    .meta(said('By how much each further pause is longer', 2)),
  max: duration.prefault('5m').meta(said('No pause is longer', '10m')),
}, 'expected { attempts, on, backoff, factor, max }');

const fields = anyMap('expected the fields of the action').default({})
  .meta(said('Fields of the action, see below; texts take ${{ }}', { project: 'acme/scan', ref: '${{ event.branch }}' }));

const NEEDS_EXPECTED = 'expected the name of a step or a list of them';
const needs = z.union([text(NEEDS_EXPECTED), z.array(text(NEEDS_EXPECTED))], { error: NEEDS_EXPECTED })
  .transform((value) => (Array.isArray(value) ? value : [value])).prefault([])
  .meta(said('Steps that have to end first; when one did not succeed, this one is skipped, unless its `if` uses a status function', ['scan']));

const AWAIT_EXPECTED = 'expected true, false or { pipeline: NAME_OR_FILE }';
const awaited = z.union([flag, closed({ pipeline: text('expected the name or file of a pipeline').meta(said('Name or file of the pipeline', 'smoke.yml')) }, AWAIT_EXPECTED)], { error: AWAIT_EXPECTED });

const rollback = closed({
  uses: uses.meta(said('<connection>/<action>', 'github/dispatch-workflow')),
  with: fields,
  await: awaited.optional().meta(said('As that of a step; default: what the step says, where both use the same action and that waits only when asked', true)),
  timeout: timeLimit.prefault('6h').meta(said('Of each attempt', '30m')),
  retry: retry.optional().meta(said('When it is tried again', { attempts: 2 })),
}, 'expected { uses, with }').meta({ id: 'rollback', description: 'Run when a later step fails, or this one, or on order' });

const WAIT_EXPECTED = 'expected { event, key, within } and filters';
const eventWait = closed({
  ...filters,
  event: globs.meta(said('Types of the event', 'custom.received')),
  key: text('expected an expression in ${{ }}').optional().meta(said('The same for the event that started the run and the one waited for', '${{ event.sha }}')),
  within: timeLimit.optional().meta(said('How long is waited for it', '1h')),
}, WAIT_EXPECTED);

const wait = z.union([timeLimit, eventWait], { error: 'expected a duration or { event, key, within }' })
  .meta({ id: 'wait', description: 'A length of time, or an event of a platform' });

/** A step has exactly one of them; `check-steps.ts` says so. */
export const KINDS_OF_STEP = ['uses', 'approve', 'wait'] as const;

export const step = closed({
  needs,
  if: condition.optional().meta(said('CEL; false: the step is skipped. With always(), failure(), success() or cancelled() it is asked also after a failure', 'event.branch == "main"')),
  uses: uses.optional().meta(said('<connection>/<action>', 'gitlab/trigger-pipeline')),
  with: fields,
  await: awaited.optional().meta(said('Default: the end of the run is waited for, where the action has one; false: accepted is enough; { pipeline }: the run of that pipeline is waited for', false)),
  environment: name.optional().meta(said('It deploys there: the rules of the Environment apply, and its ledger is kept', 'production')),
  timeout: timeLimit.prefault('6h').meta(said('Of each attempt, from when the platform took it; past it the run is cancelled there', '30m')),
  retry: retry.optional().meta(said('When it is tried again; absent: never', { attempts: 3, on: ['failure', 'timeout'] })),
  rollback: rollback.optional().meta(said('Run when a later step fails, or this one, or on order', { uses: 'jenkins/start-build', with: { job: 'shop/back' } })),
  approve: approval.optional().meta(said('The step is an approval', { by: ['team:release'], count: 2 })),
  wait: wait.optional().meta(said('The step waits for time, or for an event', '10m')),
}, 'expected a step with uses, approve or wait').meta({ id: 'step', description: 'One thing to do: exactly one of uses, approve, wait' });
