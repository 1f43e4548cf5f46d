import { z } from 'zod';
import { INPUT_TYPES, NOTIFY_ON, ON_FAILURE } from '../model.js';
import { anyMap, closed, flag, oneOf, oneOrMore, resource, said, text, timeLimit, whole } from './shapes.js';
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

const INPUT_EXPECTED = 'expected { type, required, default, description }';
const DEFAULT_EXPECTED = 'expected text, a number, or true or false';
const input = closed({
  type: oneOf(INPUT_TYPES).default('text').meta(said('What a person gives', 'boolean')),
  required: flag.default(false).meta(said('Whoever starts the flow by hand has to give it', true)),
  default: z.union([z.string(), z.number(), z.boolean()], { error: DEFAULT_EXPECTED }).optional().meta(said('Of the type; also for runs that an event starts', false)),
  description: text().optional().meta(said('Shown to people', 'Only say what would be done')),
}, INPUT_EXPECTED);

const STEPS_EXPECTED = 'expected steps by name';
const steps = z.record(z.string(), step, { error: STEPS_EXPECTED }).refine((value) => Object.keys(value).length > 0, { error: 'expected at least one step' });

const spec = closed({
  description: text().optional().meta(said('Shown to people', 'Build on GitHub, scan on GitLab, deploy.')),
  on: oneOrMore(trigger, 'a trigger').optional().meta(said('Any of these starts a run; without it only people do', { event: 'pipelinerun.finished', from: 'github', outcome: 'success' })),
  inputs: z.record(z.string(), input, { error: `expected names, each with ${INPUT_EXPECTED.replace('expected ', '')}` }).optional()
    .meta(said('What people say who start the flow by hand; `inputs.<name>` in expressions', { dry: { type: 'boolean', default: false } })),
  concurrency: concurrency.optional().meta(said('How many runs at once', { group: '${{ event.branch }}', 'when-full': 'replace-queued' })),
  timeout: timeLimit.prefault('24h').meta(said('Of the whole run, without time spent queued or awaiting approval', '2h')),
  env: anyMap('expected names with values').default({}).meta(said('Values for all steps, as `env.<name>`; rendered once, at the start', { version: '${{ event.?tag.orValue(event.sha) }}' })),
  steps: steps.meta(said('By name; those that need nothing start at once', { scan: { uses: 'gitlab/trigger-pipeline', with: { project: 'acme/scan', ref: 'main' } } })),
  'on-failure': oneOf(ON_FAILURE).default('stop').meta(said('What a failed step means for the others; rollback: what was done is undone, in reverse order', 'rollback')),
  report: z.union([text(), z.array(text())], { error: 'expected a connection or a list of them' })
    .transform((value) => (Array.isArray(value) ? value : [value])).optional()
    .meta(said('Connections that get the commit status `stellwerk/<flow>`; default: where the event came from; [] for none', ['github'])),
  notify: oneOrMore(notify, '{ channel, on }').optional().meta(said('Which channels hear of its runs', [{ channel: 'releases', on: ['failed', 'recovered'] }])),
}, 'expected a map of settings');

export const flow = resource('Flow', spec, 'What shall happen, and when');
