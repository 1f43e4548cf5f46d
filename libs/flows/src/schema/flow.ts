import { z } from 'zod';
import { NOTIFY_ON, ON_FAILURE } from '../model.js';
import { anyMap, closed, oneOf, oneOrMore, resource, text, timeLimit, whole } from './shapes.js';
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

const input = closed({
  type: oneOf(['text', 'number', 'boolean']).default('text'), required: z.boolean().default(false), default: z.unknown().optional(), description: text().optional(),
}, 'expected { type, default }');

const STEPS_EXPECTED = 'expected steps by name';
const steps = z.record(z.string(), step, { error: STEPS_EXPECTED }).refine((value) => Object.keys(value).length > 0, { error: 'expected at least one step' });

const spec = closed({
  description: text().optional(),
  on: oneOrMore(trigger, 'a trigger').meta({ description: 'Any of these starts a run' }),
  inputs: z.record(z.string(), input, { error: 'expected names with { type, default }' }).optional(),
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
