import { surePaths } from '../expressions/sure-reads.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import { conditionIn, templatesIn } from './templates-in.js';

/** A step that approves or waits: no platform runs anything for it. */
export const isGate = ({ uses, approve, wait }: Record<string, unknown>): boolean => uses === undefined && (approve !== undefined || wait !== undefined);

/** Reads of the platform run of a step that has none, as it approves or waits. Its outputs are names that are not known. */
export const checkGateReads = (source: ResourceSource): void => {
  const steps = mapOf(source.spec.steps);
  const gates = new Set(Object.keys(steps).filter((name) => isGate(mapOf(steps[name]))));
  if (gates.size === 0) return;
  for (const [name, value] of Object.entries(steps)) {
    const [step, path] = [mapOf(value), ['spec', 'steps', name]];
    const expressions = [...conditionIn(step.if, [...path, 'if']), ...templatesIn(step.with, [...path, 'with']), ...templatesIn(mapOf(step.rollback).with, [...path, 'rollback', 'with'])];
    for (const { expression, path: place, offset } of expressions) {
      for (const read of surePaths(expression)) {
        const [variable, gate, field] = read.path;
        if (variable === 'steps' && field === 'run' && gates.has(gate!)) source.warnInText(place, offset + read.offset, `"steps.${gate}.run" is never there: step "${gate}" starts no run, as it ${kindOf(mapOf(steps[gate!]))}`);
      }
    }
  }
};

const kindOf = ({ approve }: Record<string, unknown>): string => (approve === undefined ? 'only waits' : 'only asks people');
