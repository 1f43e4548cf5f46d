import { z } from 'zod';
import { INPUT_TYPES, NOTIFY_ON, ON_FAILURE } from '../model.js';
import { anyMap, closed, flag, oneOf, oneOrMore, resource, text, timeLimit, whole } from './shapes.js';
import { step } from './step.js';
import { trigger } from './trigger.js';

const concurrency = closed({
  group: text().optional(),
  limit: whole(1, 1000).default(1),
  'when-full': oneOf(['queue', 'replace-queued', 'cancel-running', 'drop']).default('queue'),
}, 'expected { group, limit, when-full }');

const notify = closed({
  channel: text('expected the name of a Channel'),
  on: oneOrMore(oneOf(NOTIFY_ON), 'one of the moments').prefault(['failed', 'recovered']),
}, 'expected { channel, on }');

const INPUT_EXPECTED = 'expected { type, required, default, description }';
const DEFAULT_EXPECTED = 'expected text, a number, or true or false';
const input = closed({
  type: oneOf(INPUT_TYPES).default('text'),
  required: flag.default(false).meta({ description: 'Whoever starts the flow by hand has to give it' }),
  default: z.union([z.string(), z.number(), z.boolean()], { error: DEFAULT_EXPECTED }).optional().meta({ description: 'Of the type; also for runs that an event starts' }),
  description: text().optional(),
}, INPUT_EXPECTED);

const STEPS_EXPECTED = 'expected steps by name';
const steps = z.record(z.string(), step, { error: STEPS_EXPECTED }).refine((value) => Object.keys(value).length > 0, { error: 'expected at least one step' });

const spec = closed({
  description: text().optional(),
  on: oneOrMore(trigger, 'a trigger').optional().meta({ description: 'Any of these starts a run; without it only people do' }),
  inputs: z.record(z.string(), input, { error: `expected names, each with ${INPUT_EXPECTED.replace('expected ', '')}` }).optional()
    .meta({ description: 'What people say who start the flow by hand; `inputs.<name>` in expressions' }),
  concurrency: concurrency.optional(),
  timeout: timeLimit.prefault('24h'),
  env: anyMap('expected names with values').default({}),
  steps,
  'on-failure': oneOf(ON_FAILURE).default('stop'),
  report: z.union([text(), z.array(text())], { error: 'expected a connection or a list of them' })
    .transform((value) => (Array.isArray(value) ? value : [value])).optional()
    .meta({ description: 'Connections that get the commit status; default: where the event came from' }),
  notify: oneOrMore(notify, '{ channel, on }').optional(),
}, 'expected a map of settings');

export const flow = resource('Flow', spec, 'What shall happen, and when');
