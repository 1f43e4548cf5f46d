import { CAUSES, OUTCOMES, PLATFORM_EVENT_TYPES, RUN_STATES, STEP_STATES, type PlatformEvent } from '@stellwerk/contracts';
import { z } from 'zod';
import { anyMap, closed, flag, name, oneOf, oneOrMore, text, whole } from '../schema/shapes.js';

/* What a `*.test.yaml` file says. Whatever is not here is a fault: a test that is only half understood proves nothing. */

const INSTANT_EXPECTED = 'expected a date and time such as 2026-11-24T08:00:00Z';
const instant = z.iso.datetime({ offset: true, error: INSTANT_EXPECTED });

const ID_EXPECTED = 'expected an id: text or a whole number';
const id = z.union([text(ID_EXPECTED), z.int()], { error: ID_EXPECTED }).transform(String);

const headers = z.record(z.string(), text('expected the text of a header'), { error: 'expected names of headers with texts' });

/** How a platform, or the way to it, answers a step; beyond the outcomes of its run. */
export const ANSWERS = [...OUTCOMES, 'refused', 'unknown', 'never'] as const;

export type Answer = (typeof ANSWERS)[number];

const run = closed({ id: id.optional(), attempt: whole(1, 1_000_000).default(1), number: whole(0, 2 ** 50).optional(), url: text().optional() }, 'expected { id, attempt, number, url }');
const change = closed({ number: whole(0, 2 ** 50), url: text().optional(), title: text().optional() }, 'expected { number, url, title }');

/** Ids of our own commands and stored hooks are nothing that a test could know. */
type Told = Omit<Record<keyof PlatformEvent, z.ZodType>, 'platform' | 'hook' | 'correlation' | 'causedBy'>;

const data = {
  connection: name.meta({ description: 'The connection that it came by; its platform follows from it' }),
  repository: text().optional(),
  branch: text().optional(),
  tag: text().optional(),
  sha: text().optional(),
  base: text().optional().meta({ description: "A change's target branch" }),
  pipeline: text().optional(),
  pipelineFile: text().optional(),
  run: run.optional().meta({ description: "The platform's run. Two events of one run and attempt tell the same fact" }),
  outcome: oneOf(OUTCOMES).optional(),
  cause: oneOf(CAUSES).optional(),
  fork: flag.optional(),
  environment: text().optional(),
  actor: text().optional(),
  title: text().optional(),
  url: text().optional(),
  change: change.optional(),
  paths: z.array(text(), { error: 'expected a list of paths' }).optional().meta({ description: 'Files changed; absent: the platform cut the list' }),
  payload: anyMap('expected a map').optional().meta({ description: 'custom.received only' }),
  outputs: anyMap('expected names with values').optional().meta({ description: 'Of a run that called back' }),
  startedAt: instant.optional(),
  finishedAt: instant.optional(),
  jobsFinishedAt: instant.optional(),
  occurredAt: instant.optional().meta({ description: 'Default: the time of the test' }),
  raw: anyMap('expected a map').optional(),
} satisfies Told;

const answers = oneOrMore(oneOf(ANSWERS), 'an answer')
  .meta({ description: 'An outcome of the run at the platform, `refused`, `unknown` (it did not say whether it took it) or `never` (it never ends); a list: attempt by attempt, the last one for all further' });

const answer = z.union([
  answers,
  closed({
    outcome: answers.optional(),
    run: closed({ id, url: text().optional() }, 'expected { id, url }').optional().meta({ description: "The platform's run" }),
    outputs: anyMap('expected names with values').optional().meta({ description: 'What the action gives to later steps' }),
    rollback: answers.optional().meta({ description: 'How its rollback is answered' }),
  }, 'expected { outcome, run, outputs, rollback }'),
], { error: 'expected an answer or { outcome, run, outputs, rollback }' });

const answersByStep = z.record(z.string(), answer, { error: 'expected steps with their answers' });

const written = closed({
  type: oneOf(PLATFORM_EVENT_TYPES),
  ...data,
  answers: answersByStep.optional().meta({ description: 'For what follows from this event; they come before those of the test' }),
  fact: text().optional().meta({ description: 'Default: made from the run, else of each event its own. A flow starts once for a fact' }),
}, 'expected an event: type, connection and what the platform told').meta({ id: 'event', description: 'An event as flows see it' });

const recorded = closed({
  recorded: text('expected a path, from the folder of the test file').meta({ description: 'File with the payload as JSON, from the folder of the test file; or { headers, body }' }),
  connection: name,
  event: text().optional().meta({ description: 'What the platform calls it, as in its event header; default: what the payload looks like' }),
  headers: headers.optional(),
  answers: answersByStep.optional(),
  receivedAt: instant.optional(),
}, 'expected { recorded, connection }').meta({ id: 'recorded', description: "A delivery as it came, read by its platform's translator" });

const EVENT_EXPECTED = 'expected an event { type, connection, … } or { recorded: FILE, connection }';
const event = z.union([written, recorded], { error: EVENT_EXPECTED });

const lastGood = closed({
  env: anyMap('expected names with values').default({}),
  event: anyMap('expected a map').default({}),
  run: closed({ id }, 'expected { id }').default({ id: 'an-earlier-run' }),
  deployedAt: instant.optional(),
}, 'expected { env, event, run, deployedAt }');

const attempts = whole(0, 1000).optional().meta({ description: 'How many there were' });
const values = anyMap('expected names with values').optional();

const rollback = closed({
  state: oneOf(STEP_STATES).optional(), reason: text().optional(), attempts, with: values,
}, 'expected { state, reason, attempts, with }');

const step = z.union([
  oneOf(STEP_STATES),
  closed({
    state: oneOf(STEP_STATES).optional(),
    outcome: oneOf(OUTCOMES).optional(),
    reason: text().optional().meta({ description: 'A part of the reason' }),
    attempts,
    with: values.meta({ description: 'Fields of the rendered `with` of the last attempt; fields that are not named are not compared' }),
    rollback: z.union([oneOf(STEP_STATES), rollback], { error: 'expected a state or { state, reason, attempts, with }' }).optional(),
  }, 'expected { state, outcome, reason, attempts, with, rollback }'),
], { error: 'expected a state or { state, outcome, reason, attempts, with, rollback }' });

const expectedRun = closed({
  flow: name,
  count: whole(1, 1000).default(1).meta({ description: 'So many runs, all of them as described' }),
  state: oneOf(RUN_STATES).optional(),
  reason: text().optional().meta({ description: 'A part of the reason' }),
  env: values.meta({ description: 'Names of the rendered `env`; names that are not given are not compared' }),
  steps: z.record(z.string(), step, { error: 'expected steps by name' }).default({}),
}, 'expected { flow, count, state, reason, env, steps }').meta({ id: 'run' });

const test = closed({
  name: text('expected what the test proves'),
  at: instant.optional().meta({ description: 'When it begins; default 2026-01-05T12:00:00Z, a Monday' }),
  environments: z.record(z.string(), closed({ lastGood }, 'expected { lastGood }'), { error: 'expected environments by name' }).default({})
    .meta({ description: 'What was deployed before; runs of the test itself are remembered in any case' }),
  events: z.array(event, { error: 'expected a list of events' }).min(1, { error: 'expected at least one event' }).meta({ description: 'One after the other: what follows from one is at its end before the next' }),
  answers: answersByStep.default({})
    .meta({ description: 'By step, or flow/step; a step that is not named succeeds' }),
  expect: closed({
    runs: z.array(expectedRun, { error: 'expected a list of runs' }).meta({ description: 'All runs that start; [] for none' }),
  }, 'expected { runs: […] }'),
}, 'expected { name, events, answers, expect }').meta({ id: 'test' });

export const testFile = closed({
  tests: z.array(test, { error: 'expected a list of tests' }).min(1, { error: 'expected at least one test' }),
}, 'expected { tests: […] }').meta({ description: 'Tests of the flows beside it: given events and answers, the runs that follow' });

export type ParsedTest = z.output<typeof test>;
export type ParsedEvent = z.output<typeof event>;
export type WrittenEvent = z.output<typeof written>;
export type RecordedEvent = z.output<typeof recorded>;
export type ExpectedRun = z.output<typeof expectedRun>;
export type ExpectedStep = z.output<typeof step>;
export type ParsedAnswer = z.output<typeof answer>;
