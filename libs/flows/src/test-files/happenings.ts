import { CAUSES, OUTCOMES, PLATFORM_EVENT_TYPES, type PlatformEvent } from '@stellwerk/contracts';
import { z } from 'zod';
import { anyMap, closed, flag, name, oneOf, oneOrMore, text, timeLimit, whole } from '../schema/shapes.js';

/* What happens in a test: events of platforms, orders of people, time that goes by. */

const INSTANT_EXPECTED = 'expected a date and time such as 2026-11-24T08:00:00Z';
export const instant = z.iso.datetime({ offset: true, error: INSTANT_EXPECTED });

const ID_EXPECTED = 'expected an id: text or a whole number';
export const id = z.union([text(ID_EXPECTED), z.int()], { error: ID_EXPECTED }).transform(String);

const headers = z.record(z.string(), text('expected the text of a header'), { error: 'expected names of headers with texts' });

/** How a platform, or the way to it, answers a step; beyond the outcomes of its run. */
export const ANSWERS = [...OUTCOMES, 'refused', 'unknown', 'never'] as const;

export type Answer = (typeof ANSWERS)[number];

/** Platforms tell empty texts too. */
export const word = z.string({ error: 'expected text' });

export const run = closed({ id: id.optional(), attempt: whole(1, 1_000_000).default(1), number: whole(0, 2 ** 50).optional(), url: word.optional() }, 'expected { id, attempt, number, url }');
export const change = closed({ number: whole(0, 2 ** 50), url: word.optional(), title: word.optional() }, 'expected { number, url, title }');

/** Ids of our own commands and stored hooks are nothing that a test could know. */
type Told = Omit<Record<keyof PlatformEvent, z.ZodType>, 'platform' | 'hook' | 'correlation' | 'causedBy'>;

export const data = {
  connection: name.meta({ description: 'The connection that it came by; its platform follows from it' }),
  repository: word.optional(),
  branch: word.optional(),
  tag: word.optional(),
  sha: word.optional(),
  base: word.optional().meta({ description: "A change's target branch" }),
  pipeline: word.optional(),
  pipelineFile: word.optional(),
  run: run.optional().meta({ description: "The platform's run. Two events of one run and attempt tell the same fact" }),
  outcome: oneOf(OUTCOMES).optional(),
  cause: oneOf(CAUSES).optional(),
  fork: flag.optional(),
  environment: word.optional(),
  actor: word.optional(),
  title: word.optional(),
  url: word.optional(),
  change: change.optional(),
  paths: z.array(word, { error: 'expected a list of paths' }).optional().meta({ description: 'Files changed; absent: the platform cut the list' }),
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

export const answersByStep = z.record(z.string(), answer, { error: 'expected steps with their answers' });

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

const by = text('expected who orders it').default('somebody').meta({ description: 'Who orders it' });
const refused = text('expected a part of the reason').optional().meta({ description: 'The order is expected to be refused, with this in the reason' });
const ownAnswers = answersByStep.optional().meta({ description: 'For what follows from it; they come before those of the test' });

const start = closed({
  start: name.meta({ description: 'Flow that a person starts by hand' }),
  inputs: anyMap('expected names with values').default({}).meta({ description: 'As the person gives them; nothing is converted' }),
  by, refused, answers: ownAnswers,
}, 'expected { start, inputs, by, refused }').meta({ id: 'start', description: 'A person starts a flow by hand' });

export const ORDERS = ['cancel', 'retry', 'rollback'] as const;

const order = closed({
  order: oneOf(ORDERS),
  flow: name.meta({ description: 'The order is about the run of this flow that started last' }),
  by, refused, answers: ownAnswers,
}, 'expected { order, flow, by, refused }').meta({ id: 'order', description: 'A person orders something about a run' });

const RUN_EXPECTED = 'expected no run where the step did not run';
const settled = closed({
  step: text('expected the name of a step').meta({ description: 'The step of which nobody knows whether its platform took it, or its rollback' }),
  ran: flag.meta({ description: 'true: it ran, and the end of its run follows; false: it did not, and is sent once more' }),
  run: id.optional().meta({ description: "Id of the platform's run, where it ran and its end is waited for" }),
}, 'expected { step, ran, run }').refine(({ ran, run: named }) => ran || named === undefined, { error: RUN_EXPECTED, path: ['run'] });

const resolve = closed({
  resolve: settled,
  flow: name.meta({ description: 'It is about the last run of this flow in which that step is unknown' }),
  by, refused, answers: ownAnswers,
}, 'expected { resolve, flow, by, refused }').meta({ id: 'resolve', description: 'A person settles an UNKNOWN' });

const CLOCK_EXPECTED = 'expected how long time goes on, such as 26h, or until when, such as 2026-11-24T08:00:00Z';
const clock = closed({
  clock: z.union([timeLimit, instant], { error: CLOCK_EXPECTED }).meta({ description: 'How long time goes on, or until when' }),
  answers: ownAnswers,
}, 'expected { clock }').meta({ id: 'clock', description: 'Time goes by: schedules and absences start flows, times of joins, approvals and waits end' });

const EVENT_EXPECTED = 'expected an event { type, connection, … } or { recorded: FILE, connection }, { start: FLOW }, { order, flow }, { resolve, flow } or { clock }';
export const event = z.union([written, recorded, start, order, resolve, clock], { error: EVENT_EXPECTED });

export type ParsedEvent = z.output<typeof event>;
export type WrittenEvent = z.output<typeof written>;
export type RecordedEvent = z.output<typeof recorded>;
export type StartedByHand = z.output<typeof start>;
export type OrderedRun = z.output<typeof order>;
export type Resolved = z.output<typeof resolve>;
export type ClockGoesOn = z.output<typeof clock>;
export type ParsedAnswer = z.output<typeof answer>;
