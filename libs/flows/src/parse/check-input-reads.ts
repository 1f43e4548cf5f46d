import { sureReads } from '../expressions/sure-reads.js';
import { needsOf } from './check-graph.js';
import { upstreamOf } from './circles.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import { conditionIn, templatesIn, type Template } from './templates-in.js';

/**
 * Inputs that are surely not there when a run reads them: those without a default, as nobody gives them when an event starts the flow, and those
 * that nobody has to give. Only what is sure: nothing behind a condition. Of a flow that has faults nothing more is said.
 */
export const checkInputReads = (source: ResourceSource): void => {
  const absent = absentInputs(source);
  if (source.broken || absent.size === 0) return;
  warnOf(source, [...templatesIn(source.spec.env, ['spec', 'env']), ...templatesIn(mapOf(source.spec.concurrency).group, ['spec', 'concurrency', 'group'])], absent);
  const [steps, needs] = [mapOf(source.spec.steps), needsOf(source)];
  const isConditional = (name: string): boolean => mapOf(steps[name]).if !== undefined;
  for (const [name, value] of Object.entries(steps)) {
    const path = ['spec', 'steps', name];
    if ([...upstreamOf(needs, name)].some(isConditional)) continue;
    warnOf(source, isConditional(name) ? conditionIn(mapOf(value).if, [...path, 'if']) : templatesIn(mapOf(value).with, [...path, 'with']), absent);
  }
};

/** By name, when they are absent. */
const absentInputs = (source: ResourceSource): Map<string, string> => {
  const byEvents = source.spec.on !== undefined;
  return new Map(Object.entries(mapOf(source.spec.inputs)).flatMap(([name, value]) => {
    const { default: given, required } = mapOf(value);
    if (given !== undefined || (!byEvents && required === true)) return [];
    return [[name, byEvents ? 'when an event starts the flow: expected a default' : 'when nobody gives it: expected "required: true", a default'] as const];
  }));
};

const warnOf = (source: ResourceSource, expressions: readonly Template[], absent: ReadonlyMap<string, string>): void => {
  for (const { expression, path, offset } of expressions) {
    for (const { field, offset: at } of sureReads(expression, 'inputs')) {
      const when = absent.get(field);
      if (when !== undefined) source.warnInText(path, offset + at, `"inputs.${field}" is absent ${when}, or inputs.?${field}`);
    }
  }
};
