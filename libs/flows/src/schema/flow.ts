import { z } from 'zod';
import { NOTIFY_ON, ON_FAILURE } from '../model.js';
import { anyMap, closed, oneOf, oneOrMore, resource, said, text, timeLimit, whole } from './shapes.js';
import { step } from './step.js';
import { trigger } from './trigger.js';

const concurrency = closed({
  group: text().optional().meta(said('Runs with the same text are of one group; absent: all of the flow', '${{ event.repository }}@${{ event.branch }}')),
  limit: whole(1, 1000).default(1).meta(said('So many of a group at once', 1)),
  'when-full': oneOf(['queue', 'replace-queued', 'cancel-running', 'drop']).default('queue')
    .meta(said('What becomes of a further one; replace-queued: the newest waits, cancel-running: it takes the place of the oldest', 'replace-queued')),
}, 'expected { group, limit, when-full }');

const notify = closed({
  channel: text('expected the name of a Channel').meta(said('Name of a Channel', 'releases')),
  on: oneOrMore(oneOf(NOTIFY_ON), 'one of the moments').prefault(['failed', 'recovered']).meta(said('At which moments of a run', ['failed', 'recovered'])),
}, 'expected { channel, on }');

const input = closed({
  type: oneOf(['text', 'number', 'boolean']).default('text').meta(said('What a person gives', 'boolean')),
  required: z.boolean().default(false).meta(said('Nothing starts without it', true)),
  default: z.unknown().optional().meta(said('Taken when nothing is given', false)),
  description: text().optional().meta(said('Shown to people', 'Only say what would be done')),
}, 'expected { type, default }');

const STEPS_EXPECTED = 'expected steps by name';
const steps = z.record(z.string(), step, { error: STEPS_EXPECTED }).refine((value) => Object.keys(value).length > 0, { error: 'expected at least one step' });

const spec = closed({
  description: text().optional().meta(said('Shown to people', 'Build on GitHub, scan on GitLab, deploy.')),
  on: oneOrMore(trigger, 'a trigger').meta(said('Any of these starts a run')),
  inputs: z.record(z.string(), input, { error: 'expected names with { type, default }' }).optional()
    .meta(said('What a person gives who starts it by hand', { 'dry-run': { type: 'boolean', default: false } })),
  concurrency: concurrency.optional().meta(said('How many runs at once')),
  timeout: timeLimit.prefault('24h').meta(said('Of the whole run, without time spent queued or awaiting approval', '2h')),
  env: anyMap('expected names with values').default({}).meta(said('Values for all steps, as `env.<name>`; rendered once, at the start', { version: '${{ event.?tag.orValue(event.sha) }}' })),
  steps: steps.meta(said('By name; those that need nothing start at once')),
  'on-failure': oneOf(ON_FAILURE).default('stop').meta(said('What a failed step means for the others; rollback: what was done is undone, in reverse order', 'rollback')),
  report: z.union([text(), z.array(text())], { error: 'expected a connection or a list of them' })
    .transform((value) => (Array.isArray(value) ? value : [value])).optional()
    .meta(said('Connections that get the commit status `stellwerk/<flow>`; default: where the event came from; [] for none', ['github'])),
  notify: oneOrMore(notify, '{ channel, on }').optional().meta(said('Which channels hear of its runs')),
}, 'expected a map of settings');

export const flow = resource('Flow', spec, 'What shall happen, and when');
