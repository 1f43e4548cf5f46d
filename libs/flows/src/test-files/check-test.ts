import type { Flow, ResourceSet } from '../model.js';
import { suggestion } from '../parse/suggest.js';
import type { Path } from '../parse/yaml-source.js';
import type { FlowTest } from './read-tests.js';
import type { ParsedAnswer, ParsedEvent } from './happenings.js';
import type { ExpectedMissing, ExpectedRun, ParsedTest } from './schema.js';

/** Every name in a test must be one that the resources have: a wrong one would silently prove nothing. */
export const checkTest = (test: FlowTest, resources: ResourceSet): void => {
  test.spec.events.forEach((event, at) => checkEvent(test, event, ['events', at], resources));
  test.spec.flows?.forEach((flow, at) => known(test, { path: ['flows', at], at: 'value' }, ['flow', flow], Object.keys(resources.flows)));
  for (const name of Object.keys(test.spec.environments)) known(test, { path: ['environments', name], at: 'key' }, ['environment', name], Object.keys(resources.environments));
  for (const { answers, path } of answersIn(test.spec)) Object.keys(answers).forEach((key) => checkAnswer(test, [...path, key], key, Object.values(resources.flows)));
  test.spec.expect.runs.forEach((run, at) => checkRun(test, run, ['expect', 'runs', at], resources));
  test.spec.expect.missing?.forEach((missing, at) => checkMissing(test, missing, ['expect', 'missing', at], resources));
};

const checkEvent = (test: FlowTest, event: ParsedEvent, path: Path, { connections, flows }: ResourceSet): void => {
  if ('connection' in event) known(test, { path: [...path, 'connection'], at: 'value' }, ['connection', event.connection], Object.keys(connections));
  else if (!('clock' in event)) checkInForce(test, 'start' in event ? event.start : event.flow, [...path, 'start' in event ? 'start' : 'flow'], flows);
};

/** A flow that this test leaves out neither starts nor can be started. */
const checkInForce = (test: FlowTest, flow: string, path: Path, flows: ResourceSet['flows']): boolean => {
  if (!known(test, { path, at: 'value' }, ['flow', flow], Object.keys(flows))) return false;
  const { flows: some } = test.spec;
  if (!some || some.includes(flow)) return true;
  test.report(path, `flow "${flow}" is not in force in this test: expected one of its "flows", ${some.join(', ')}`);
  return false;
};

/** `at`: whether the name is the key that ends the path, or the value there. */
const known = (test: FlowTest, { path, at }: { path: Path; at: 'key' | 'value' }, [what, name]: [string, string], names: readonly string[]): boolean => {
  if (names.includes(name)) return true;
  const message = `unknown ${what} "${name}"${suggestion(name, names)}`;
  if (at === 'key') test.reportKey(path, message);
  else test.report(path, message);
  return false;
};

/** `step`, or `flow/step` where steps of two flows have the same name. */
const answerParts = (key: string): { flow?: string; step: string } => {
  const slash = key.indexOf('/');
  return slash < 0 ? { step: key } : { flow: key.slice(0, slash), step: key.slice(slash + 1) };
};

/** Those of the test, and those of single events, each with its place. */
export const answersIn = ({ answers, events }: ParsedTest): { answers: Record<string, ParsedAnswer>; path: Path }[] =>
  [{ answers, path: ['answers'] }, ...events.map((event, at) => ({ answers: event.answers ?? {}, path: ['events', at, 'answers'] }))];

const checkAnswer = (test: FlowTest, path: Path, key: string, flows: readonly Flow[]): void => {
  const { flow, step } = answerParts(key);
  if (flow !== undefined && !known(test, { path, at: 'key' }, ['flow', flow], flows.map(({ name }) => name))) return;
  const steps = flows.filter(({ name }) => flow === undefined || name === flow).flatMap((one) => one.steps.map(({ name }) => name));
  known(test, { path, at: 'key' }, ['step', step], [...new Set(steps)]);
};

const checkMissing = (test: FlowTest, { flow, parts }: ExpectedMissing, path: Path, { flows }: ResourceSet): void => {
  if (!checkInForce(test, flow, [...path, 'flow'], flows)) return;
  const names = flows[flow]!.on.flatMap(({ all }) => all?.parts.map((part) => part.name) ?? []);
  parts.forEach((part, at) => known(test, { path: [...path, 'parts', at], at: 'value' }, ['part', part], names));
};

const checkRun = (test: FlowTest, run: ExpectedRun, path: Path, { flows }: ResourceSet): void => {
  if (!checkInForce(test, run.flow, [...path, 'flow'], flows)) return;
  const names = flows[run.flow]!.steps.map(({ name }) => name);
  for (const [name, step] of Object.entries(run.steps)) {
    if (!known(test, { path: [...path, 'steps', name], at: 'key' }, ['step', name], names)) continue;
    const undo = typeof step === 'object' && step.rollback !== undefined;
    if (undo && !flows[run.flow]!.steps.some((one) => one.name === name && one.rollback)) test.report([...path, 'steps', name, 'rollback'], `step "${name}" has no rollback`);
  }
};
