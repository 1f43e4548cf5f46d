import type { OutputSpec } from '@stellwerk/contracts';
import type { ActionLookup, Flow, ResourceSet } from '../model.js';
import { itemsAt, mapOf, textsAt } from '../parse/resource-source.js';
import { suggestion } from '../parse/suggest.js';
import type { Path } from '../parse/yaml-source.js';
import type { FlowTest } from './read-tests.js';

/** What a test may name, and where a name that is none is reported. */
interface Checked extends Pick<FlowTest, 'report' | 'reportKey'> {
  resources: ResourceSet;
  actions: ActionLookup;
  /** Flows that are in force in this test; undefined: all, or it is not to be told, as one of them is unknown. */
  inForce?: readonly string[];
}

/**
 * Every name in a test must be one that the resources have: a wrong one would silently prove nothing. `written` is the test as it stands in the
 * file: what its schema finds wrong does not hide names elsewhere in it.
 */
export const checkTest = ({ report, reportKey }: Pick<FlowTest, 'report' | 'reportKey'>, written: unknown, known: { resources: ResourceSet; actions: ActionLookup }): void => {
  const { events, flows, environments, answers, expect } = mapOf(written);
  const { resources } = known;
  const some = textsAt(flows, []).map(({ text }) => text);
  const test: Checked = { report, reportKey, ...known, ...(some.length > 0 && some.every((name) => Object.hasOwn(resources.flows, name)) && { inForce: some }) };
  for (const { item, path } of itemsAt(events, ['events'])) {
    checkEvent(test, mapOf(item), path);
    checkAnswers(test, mapOf(item).answers, [...path, 'answers']);
  }
  for (const { text, path } of textsAt(flows, ['flows'])) isKnown(test, { path, at: 'value' }, ['flow', text], Object.keys(resources.flows));
  for (const name of Object.keys(mapOf(environments))) isKnown(test, { path: ['environments', name], at: 'key' }, ['environment', name], Object.keys(resources.environments));
  checkAnswers(test, answers, ['answers']);
  for (const { item, path } of itemsAt(mapOf(expect).runs, ['expect', 'runs'])) checkRun(test, mapOf(item), path);
  for (const { item, path } of itemsAt(mapOf(expect).missing, ['expect', 'missing'])) checkMissing(test, mapOf(item), path);
};

const checkEvent = (test: Checked, event: Record<string, unknown>, path: Path): void => {
  const { connections } = test.resources;
  if (typeof event.connection === 'string') isKnown(test, { path: [...path, 'connection'], at: 'value' }, ['connection', event.connection], Object.keys(connections));
  flowInForce(test, event.start, [...path, 'start']);
  const flow = flowInForce(test, event.flow, [...path, 'flow']);
  const { step } = mapOf(event.resolve);
  if (flow && typeof step === 'string') isKnown(test, { path: [...path, 'resolve', 'step'], at: 'value' }, ['step', step], flow.steps.map(({ name }) => name));
};

/** A flow that this test leaves out neither starts nor can be started. */
const flowInForce = (test: Checked, name: unknown, path: Path): Flow | undefined => {
  const { inForce, resources: { flows } } = test;
  if (typeof name !== 'string' || !isKnown(test, { path, at: 'value' }, ['flow', name], Object.keys(flows))) return undefined;
  if (!inForce || inForce.includes(name)) return flows[name];
  test.report(path, `flow "${name}" is not in force in this test: expected one of its "flows", ${inForce.join(', ')}`);
  return undefined;
};

/** `at`: whether the name is the key that ends the path, or the value there. */
const isKnown = (test: Checked, { path, at }: { path: Path; at: 'key' | 'value' }, [what, name]: [string, string], names: readonly string[]): boolean => {
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

/** Those of the test, or of one event. */
const checkAnswers = (test: Checked, answers: unknown, path: Path): void => {
  for (const [key, answer] of Object.entries(mapOf(answers))) checkAnswer(test, [...path, key], key, answer);
};

const checkAnswer = (test: Checked, path: Path, key: string, answer: unknown): void => {
  const { flow, step } = answerParts(key);
  const flows = Object.values(test.resources.flows);
  if (flow !== undefined && !isKnown(test, { path, at: 'key' }, ['flow', flow], flows.map(({ name }) => name))) return;
  const steps = flows.filter(({ name }) => flow === undefined || name === flow).flatMap((one) => one.steps);
  if (!isKnown(test, { path, at: 'key' }, ['step', step], [...new Set(steps.map(({ name }) => name))])) return;
  checkOutputs(test, [...path, 'outputs'], mapOf(mapOf(answer).outputs), steps.filter(({ name }) => name === step).map((one) => outputsOf(one, test)));
};

type Outputs = Readonly<Record<string, OutputSpec>>;

/** What the action of a step gives; undefined where the other side chooses. */
const outputsOf = ({ uses }: Flow['steps'][number], { resources, actions }: Checked): Outputs | undefined => {
  if (!uses) return {};
  const connection = resources.connections[uses.connection];
  return connection && actions(connection.platform).find(({ name }) => name === uses.action)?.outputs;
};

const TYPES: Readonly<Record<OutputSpec['type'], { expected: string; is: (value: unknown) => boolean }>> = {
  text: { expected: 'text', is: (value) => typeof value === 'string' },
  integer: { expected: 'a whole number', is: (value) => Number.isSafeInteger(value) },
};

/** What no platform answers would prove something that never happens. Steps of several flows may have the name. */
const checkOutputs = (test: Checked, path: Path, given: Record<string, unknown>, declared: readonly (Outputs | undefined)[]): void => {
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

const checkMissing = (test: Checked, { flow, parts }: Record<string, unknown>, path: Path): void => {
  const found = flowInForce(test, flow, [...path, 'flow']);
  if (!found) return;
  const names = found.on.flatMap(({ all }) => all?.parts.map((part) => part.name) ?? []);
  for (const { text, path: place } of textsAt(parts, [...path, 'parts'])) isKnown(test, { path: place, at: 'value' }, ['part', text], names);
};

const checkRun = (test: Checked, { flow, steps }: Record<string, unknown>, path: Path): void => {
  const found = flowInForce(test, flow, [...path, 'flow']);
  if (!found) return;
  const names = found.steps.map(({ name }) => name);
  for (const [name, step] of Object.entries(mapOf(steps))) {
    if (!isKnown(test, { path: [...path, 'steps', name], at: 'key' }, ['step', name], names)) continue;
    const undo = mapOf(step).rollback !== undefined;
    if (undo && !found.steps.some((one) => one.name === name && one.rollback)) test.report([...path, 'steps', name, 'rollback'], `step "${name}" has no rollback`);
  }
};
