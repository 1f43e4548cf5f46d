import { isDeepStrictEqual } from 'node:util';
import { BY_HAND } from '@stellwerk/contracts';
import { atTime, matchTriggers, type ExpectedRun, type ExpectedStep, type FlowTest, type Path, type ResourceSet, type RunRecord } from '@stellwerk/flows';
import type { Simulated, ToldEvent } from './simulate.js';
import type { SimulatedRun } from './simulated-run.js';
import { factsOf } from './starts.js';

/** Reports at its place whatever came out otherwise than the test expects. */
export const compare = (test: FlowTest, { runs, events }: Simulated, resources: ResourceSet): void => {
  const left = [...runs];
  test.spec.expect.runs.forEach((expected, at) => {
    const path: Path = ['expect', 'runs', at];
    const before = countOf(runs, expected.flow) - countOf(left, expected.flow);
    const found = takeOf(left, expected);
    if (found.length < expected.count) test.report([...path, 'flow'], `expected ${times(expected.count, before)} of flow ${expected.flow}, got ${found.length}${why(expected.flow, events, resources)}`);
    for (const run of found) compareRun(test, path, expected, run);
  });
  for (const { flow, record } of left) test.report(['expect', 'runs'], `flow ${flow.name} ran and is not expected: it was started by ${record.event.type} (${startOf(record)}) and is ${record.state}`);
};

const startOf = ({ trigger, event: { occurredAt } }: RunRecord): string => `${trigger === BY_HAND ? 'by hand' : `trigger ${trigger + 1}`}, ${occurredAt}`;

const countOf = (runs: readonly SimulatedRun[], flow: string): number => runs.filter((run) => run.flow.name === flow).length;

/** `before`: runs of the flow that ran, and were expected before. */
const times = (count: number, before: number): string => {
  if (before === 0) return count === 1 ? 'a run' : `${count} runs`;
  return `${count === 1 ? 'one more run' : `${count} more runs`} (after ${before} that ran as expected)`;
};

const takeOf = (left: SimulatedRun[], { flow, count }: ExpectedRun): SimulatedRun[] => {
  const found = left.filter((run) => run.flow.name === flow).slice(0, count);
  for (const run of found) left.splice(left.indexOf(run), 1);
  return found;
};

/** What its triggers said to the events of the test. */
const why = (flow: string, events: readonly ToldEvent[], { flows }: ResourceSet): string => {
  // Reasons are found when they are read: that too has to happen at the event's time.
  const reasons = events.flatMap(({ event, at }, number) => atTime(at, () => {
    const match = matchTriggers(flows[flow]!, event);
    if ('trigger' in match) return toldBefore(events, number).map((first) => `event ${number + 1} tells the same fact as event ${first + 1}, for which the flow starts once`);
    return match.reasons.map(({ trigger, part, filter, message }) => `event ${number + 1}, trigger ${trigger + 1}${part === undefined ? '' : `, part ${part}`}, ${filter}: ${message}`);
  }));
  return reasons.length === 0 ? '' : `; ${reasons.join('; ')}`;
};

/** The event that told the fact of this one first, unless it is this one. */
const toldBefore = (events: readonly ToldEvent[], number: number): number[] => {
  const facts = factsOf(events[number]!.event);
  const first = events.findIndex(({ event }) => factsOf(event).some((fact) => facts.includes(fact)));
  return first < number ? [first] : [];
};

const compareRun = (test: FlowTest, path: Path, expected: ExpectedRun, run: SimulatedRun): void => {
  const { record } = run;
  if (expected.at !== undefined) same(test, [...path, 'at'], iso(expected.at), iso(record.event.occurredAt));
  same(test, [...path, 'state'], expected.state, record.state, because(record.reason));
  contains(test, [...path, 'reason'], expected.reason, [record.reason, ...record.notes].filter((text) => text !== undefined).join('; '));
  sameValues(test, [...path, 'inputs'], expected.inputs, record.inputs ?? {});
  sameValues(test, [...path, 'env'], expected.env, record.env);
  for (const [name, step] of Object.entries(expected.steps)) compareStep(test, [...path, 'steps', name], step, run, name);
};

const compareStep = (test: FlowTest, path: Path, expected: ExpectedStep, { record, rendered }: SimulatedRun, name: string): void => {
  const step = stepOf(record, name);
  const { state, outcome, reason, attempts } = step.run;
  if (typeof expected === 'string') return same(test, path, expected, state, because(reason));
  same(test, [...path, 'state'], expected.state, state, because(reason));
  same(test, [...path, 'outcome'], expected.outcome, outcome, because(reason));
  contains(test, [...path, 'reason'], expected.reason, reason);
  same(test, [...path, 'attempts'], expected.attempts, attempts.length);
  sameValues(test, [...path, 'with'], expected.with, rendered.get(`${name}:run`));
  const undo = typeof expected.rollback === 'string' ? { state: expected.rollback } : (expected.rollback ?? {});
  const at = typeof expected.rollback === 'string' ? () => [...path, 'rollback'] : (key: string) => [...path, 'rollback', key];
  same(test, at('state'), undo.state, step.rollback?.state, because(step.rollback?.reason));
  contains(test, at('reason'), undo.reason, step.rollback?.reason);
  same(test, at('attempts'), undo.attempts, step.rollback?.attempts.length ?? 0);
  sameValues(test, at('with'), undo.with, rendered.get(`${name}:rollback`));
};

const stepOf = (record: RunRecord, name: string): RunRecord['steps'][number] => record.steps.find((step) => step.name === name)!;

const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);

const same = (test: FlowTest, path: Path, expected: string | number | undefined, got: string | number | undefined, more = ''): void => {
  if (expected !== undefined && expected !== got) test.report(path, `expected ${shown(expected)}, got ${shown(got)}${more}`);
};

const contains = (test: FlowTest, path: Path, expected: string | undefined, got: string | undefined): void => {
  if (expected !== undefined && !got?.includes(expected)) test.report(path, `expected a reason with ${shown(expected)} in it, got ${shown(got)}`);
};

/** One instant is written in many ways. */
const iso = (time: string): string => new Date(time).toISOString();

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what is named, at any depth of maps; JSON decides, not how an object was made. */
const sameValues = (test: FlowTest, path: Path, expected: Record<string, unknown> | undefined, got: Record<string, unknown> | undefined): void => {
  if (expected === undefined) return;
  if (got === undefined) return test.report(path, 'expected values, got none: it was never started');
  for (const [key, value] of Object.entries(expected)) {
    const other = Object.hasOwn(got, key) ? got[key] : undefined;
    if (isMap(value) && isMap(other) && Object.keys(value).length > 0) sameValues(test, [...path, key], value, other);
    else if (!isDeepStrictEqual(plain(value), plain(other))) test.report([...path, key], `expected ${shown(value)}, got ${shown(other)}`);
  }
};

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
