import { OUTCOMES, RUN_STATES, STEP_STATES } from '@stellwerk/contracts';
import { z } from 'zod';
import { anyMap, closed, name, oneOf, oneOrMore, text, whole } from '../schema/shapes.js';
import { answersByStep, event, id, instant } from './happenings.js';

/* What a `*.test.yaml` file says. Whatever is not here is a fault: a test that is only half understood proves nothing. */

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
  at: instant.optional().meta({ description: 'When what starts it happened: the event, the instant of the schedule, the end of the time of the absence' }),
  state: oneOf(RUN_STATES).optional(),
  reason: text().optional().meta({ description: 'A part of the reason' }),
  inputs: values.meta({ description: 'Its inputs, defaults included; names that are not given are not compared' }),
  env: values.meta({ description: 'Names of the rendered `env`; names that are not given are not compared' }),
  steps: z.record(z.string(), step, { error: 'expected steps by name' }).default({}),
}, 'expected { flow, count, at, state, reason, inputs, env, steps }').meta({ id: 'run' });

const expectedMissing = closed({
  flow: name,
  key: text().optional().meta({ description: 'The key of the round' }),
  parts: oneOrMore(text(), 'the name of a part').meta({ description: 'All parts that are missing' }),
}, 'expected { flow, key, parts }').meta({ id: 'missing', description: 'A round of a join with `missing: notify` that was over without all parts' });

const test = closed({
  name: text('expected what the test proves'),
  at: instant.optional().meta({ description: 'When it begins; default 2026-01-05T12:00:00Z, a Monday' }),
  flows: oneOrMore(name, 'the name of a flow').optional().meta({ description: 'Only these are in force in this test; default: all' }),
  environments: z.record(z.string(), closed({ lastGood }, 'expected { lastGood }'), { error: 'expected environments by name' }).default({})
    .meta({ description: 'What was deployed before; runs of the test itself are remembered in any case' }),
  events: z.array(event, { error: 'expected a list of events' }).min(1, { error: 'expected at least one event' }).meta({ description: 'What happens, one after the other: what follows from one is at its end before the next' }),
  answers: answersByStep.default({})
    .meta({ description: 'By step, or flow/step; a step that is not named succeeds' }),
  expect: closed({
    runs: z.array(expectedRun, { error: 'expected a list of runs' }).meta({ description: 'All runs that start; [] for none' }),
    missing: z.array(expectedMissing, { error: 'expected a list of { flow, parts }' }).optional().meta({ description: 'All that people are told is missing; [] for nothing; absent: not compared' }),
  }, 'expected { runs: […], missing: […] }'),
}, 'expected { name, events, answers, expect }').meta({ id: 'test' });

export const testFile = closed({
  tests: z.array(test, { error: 'expected a list of tests' }).min(1, { error: 'expected at least one test' }),
}, 'expected { tests: […] }').meta({ description: 'Tests of the flows beside it: given events and answers, the runs that follow' });

export type ParsedTest = z.output<typeof test>;
export type ExpectedRun = z.output<typeof expectedRun>;
export type ExpectedMissing = z.output<typeof expectedMissing>;
export type ExpectedStep = z.output<typeof step>;
