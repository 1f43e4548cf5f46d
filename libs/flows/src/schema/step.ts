import { OUTCOMES } from '@stellwerk/contracts';
import { z } from 'zod';
import { approval } from './approval.js';
import { filters } from './trigger.js';
import { anyMap, closed, condition, duration, flag, globs, name, oneOf, oneOrMore, text, timeLimit, whole } from './shapes.js';

export const STEP_NAME = /^[a-z0-9_-]{1,40}$/;
export const STEP_NAME_EXPECTED = 'expected a step name of 1 to 40 characters out of a-z, 0-9, - and _';

const USES_EXPECTED = 'expected <connection>/<action>, e.g. gitlab/trigger-pipeline';
const uses = z.string({ error: USES_EXPECTED }).regex(/^[^/\s]+\/[^/\s]+$/, { error: USES_EXPECTED });

const FACTOR_EXPECTED = 'expected a number from 1 to 100';
const retry = closed({
  attempts: whole(1, 100).default(3).meta({ description: 'The first one included' }),
  on: oneOrMore(oneOf(OUTCOMES), 'an outcome').prefault(['failure', 'timeout', 'error']),
  backoff: duration.prefault('10s'),
  factor: z.number({ error: FACTOR_EXPECTED }).min(1, { error: FACTOR_EXPECTED }).max(100, { error: FACTOR_EXPECTED }).default(2),
  max: duration.prefault('5m'),
}, 'expected { attempts, on, backoff, factor, max }');

const fields = anyMap('expected the fields of the action').default({});

const NEEDS_EXPECTED = 'expected the name of a step or a list of them';
const needs = z.union([text(NEEDS_EXPECTED), z.array(text(NEEDS_EXPECTED))], { error: NEEDS_EXPECTED })
  .transform((value) => (Array.isArray(value) ? value : [value])).prefault([])
  .meta({ description: 'Steps that have to end first' });

const rollback = closed({
  uses, with: fields, timeout: timeLimit.prefault('6h'), retry: retry.optional(),
}, 'expected { uses, with }').meta({ id: 'rollback', description: 'Run when a later step fails, or this one, or on order' });

const WAIT_EXPECTED = 'expected { event, key, within } and filters';
const eventWait = closed({
  ...filters,
  event: globs.meta({ description: 'Event types, e.g. pipelinerun.finished' }),
  key: text('expected an expression in ${{ }}').optional().meta({ description: 'The same for the event that started the run and the one waited for, e.g. ${{ event.sha }}' }),
  within: timeLimit.optional(),
}, WAIT_EXPECTED);

const wait = z.union([timeLimit, eventWait], { error: 'expected a duration or { event, key, within }' })
  .meta({ id: 'wait', description: 'A length of time, or an event of a platform' });

const AWAIT_EXPECTED = 'expected true, false or { pipeline: NAME_OR_FILE }';
const awaited = z.union([flag, closed({ pipeline: text('expected the name or file of a pipeline') }, AWAIT_EXPECTED)], { error: AWAIT_EXPECTED });

/** A step has exactly one of them; `check-steps.ts` says so. */
export const KINDS_OF_STEP = ['uses', 'approve', 'wait'] as const;

export const step = closed({
  needs,
  if: condition.optional(),
  uses: uses.optional().meta({ description: '<connection>/<action>' }),
  with: fields,
  await: awaited.optional().meta({ description: 'false: accepted is enough; { pipeline }: the run of that pipeline is waited for' }),
  environment: name.optional(),
  timeout: timeLimit.prefault('6h').meta({ description: 'Of each attempt' }),
  retry: retry.optional(),
  rollback: rollback.optional(),
  approve: approval.optional(),
  wait: wait.optional(),
}, 'expected a step with uses, approve or wait').meta({ id: 'step' });
