import type { OutputSpec } from '@stellwerk/contracts';
import type { ActionLookup, Flow, ResourceSet } from '../model.js';
import { suggestion } from '../parse/suggest.js';
import type { Path } from '../parse/yaml-source.js';
import type { FlowTest } from './read-tests.js';
import type { ParsedAnswer, ParsedEvent } from './happenings.js';
import type { ExpectedMissing, ExpectedRun, ParsedTest } from './schema.js';

/** Every name in a test must be one that the resources have: a wrong one would silently prove nothing. */
export const checkTest = (test: FlowTest, resources: ResourceSet, actions: ActionLookup): void => {
  test.spec.events.forEach((event, at) => checkEvent(test, event, ['events', at], resources));
  test.spec.flows?.forEach((flow, at) => isKnown(test, { path: ['flows', at], at: 'value' }, ['flow', flow], Object.keys(resources.flows)));
  for (const name of Object.keys(test.spec.environments)) isKnown(test, { path: ['environments', name], at: 'key' }, ['environment', name], Object.keys(resources.environments));
  for (const { answers, path } of answersIn(test.spec)) Object.entries(answers).forEach(([key, answer]) => checkAnswer(test, [...path, key], [key, answer], { resources, actions }));
  test.spec.expect.runs.forEach((run, at) => checkRun(test, run, ['expect', 'runs', at], resources));
  test.spec.expect.missing?.forEach((missing, at) => checkMissing(test, missing, ['expect', 'missing', at], resources));
};

const checkEvent = (test: FlowTest, event: ParsedEvent, path: Path, { connections, flows }: ResourceSet): void => {
  if ('connection' in event) isKnown(test, { path: [...path, 'connection'], at: 'value' }, ['connection', event.connection], Object.keys(connections));
  else if ('start' in event) checkInForce(test, event.start, [...path, 'start'], flows);
  else if (!('clock' in event) && checkInForce(test, event.flow, [...path, 'flow'], flows) && 'resolve' in event) {
    isKnown(test, { path: [...path, 'resolve', 'step'], at: 'value' }, ['step', event.resolve.step], flows[event.flow]!.steps.map((step) => step.name));
  }
};

/** A flow that this test leaves out neither starts nor can be started. */
const checkInForce = (test: FlowTest, flow: string, path: Path, flows: ResourceSet['flows']): boolean => {
  if (!isKnown(test, { path, at: 'value' }, ['flow', flow], Object.keys(flows))) return false;
  const { flows: some } = test.spec;
  if (!some || some.includes(flow)) return true;
  test.report(path, `flow "${flow}" is not in force in this test: expected one of its "flows", ${some.join(', ')}`);
  return false;
};

/** `at`: whether the name is the key that ends the path, or the value there. */
const isKnown = (test: FlowTest, { path, at }: { path: Path; at: 'key' | 'value' }, [what, name]: [string, string], names: readonly string[]): boolean => {
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

const checkAnswer = (test: FlowTest, path: Path, [key, answer]: [string, ParsedAnswer], known: Known): void => {
  const { flow, step } = answerParts(key);
  const flows = Object.values(known.resources.flows);
  if (flow !== undefined && !isKnown(test, { path, at: 'key' }, ['flow', flow], flows.map(({ name }) => name))) return;
  const steps = flows.filter(({ name }) => flow === undefined || name === flow).flatMap((one) => one.steps);
  const isThere = isKnown(test, { path, at: 'key' }, ['step', step], [...new Set(steps.map(({ name }) => name))]);
  if (isThere && !Array.isArray(answer) && answer.outputs) checkOutputs(test, [...path, 'outputs'], answer.outputs, steps.filter(({ name }) => name === step).map((one) => outputsOf(one, known)));
};

interface Known {
  resources: ResourceSet;
  actions: ActionLookup;
}

type Outputs = Readonly<Record<string, OutputSpec>>;

/** What the action of a step gives; undefined where the other side chooses. */
const outputsOf = ({ uses }: Flow['steps'][number], { resources, actions }: Known): Outputs | undefined => {
  if (!uses) return {};
  const connection = resources.connections[uses.connection];
  return connection && actions(connection.platform).find(({ name }) => name === uses.action)?.outputs;
};

const TYPES: Readonly<Record<OutputSpec['type'], { expected: string; is: (value: unknown) => boolean }>> = {
  text: { expected: 'text', is: (value) => typeof value === 'string' },
  integer: { expected: 'a whole number', is: (value) => Number.isSafeInteger(value) },
};

/** What no platform answers would prove something that never happens. Steps of several flows may have the name. */
const checkOutputs = (test: FlowTest, path: Path, given: Record<string, unknown>, declared: readonly (Outputs | undefined)[]): void => {
  const sure = declared.filter((outputs) => outputs !== undefined);
  if (sure.length < declared.length) return;
  for (const [name, value] of Object.entries(given)) {
    const place = [...path, name];
    const specs = sure.flatMap((outputs) => (Object.hasOwn(outputs, name) ? [outputs[name]!] : []));
    if (specs.length === 0) test.reportKey(place, unknownOutput(name, sure.flatMap((outputs) => Object.keys(outputs))));
    else if (!specs.some(({ type }) => TYPES[type].is(value))) test.report(place, `expected ${TYPES[specs[0]!.type].expected}, as the action gives it: ${specs[0]!.description}`);
  }
};

const unknownOutput = (name: string, names: readonly string[]): string =>
  `unknown output "${name}"${names.length === 0 ? ': what this step uses has no outputs' : suggestion(name, names)}`;

const checkMissing = (test: FlowTest, { flow, parts }: ExpectedMissing, path: Path, { flows }: ResourceSet): void => {
  if (!checkInForce(test, flow, [...path, 'flow'], flows)) return;
  const names = flows[flow]!.on.flatMap(({ all }) => all?.parts.map((part) => part.name) ?? []);
  parts.forEach((part, at) => isKnown(test, { path: [...path, 'parts', at], at: 'value' }, ['part', part], names));
};

const checkRun = (test: FlowTest, run: ExpectedRun, path: Path, { flows }: ResourceSet): void => {
  if (!checkInForce(test, run.flow, [...path, 'flow'], flows)) return;
  const names = flows[run.flow]!.steps.map(({ name }) => name);
  for (const [name, step] of Object.entries(run.steps)) {
    if (!isKnown(test, { path: [...path, 'steps', name], at: 'key' }, ['step', name], names)) continue;
    const undo = typeof step === 'object' && step.rollback !== undefined;
    if (undo && !flows[run.flow]!.steps.some((one) => one.name === name && one.rollback)) test.report([...path, 'steps', name, 'rollback'], `step "${name}" has no rollback`);
  }
};
