import type { Flow, Step } from '../model.js';

/** The step of that name. Throws when the flow has none: a run and its revision always fit. */
export const stepOf = (flow: Flow, name: string): Step => {
  const step = flow.steps.find((candidate) => candidate.name === name);
  if (!step) throw new Error(`flow ${flow.name} has no step ${name}`);
  return step;
};

/** All steps that `name` needs, directly or through others. */
export const ancestorsOf = (flow: Flow, name: string): Set<string> => {
  const found = new Set<string>();
  const visit = (current: string): void => {
    for (const need of stepOf(flow, current).needs) {
      if (!found.has(need)) {
        found.add(need);
        visit(need);
      }
    }
  };
  visit(name);
  return found;
};

/** All steps that need `name`, directly or through others. */
export const dependentsOf = (flow: Flow, name: string): string[] =>
  flow.steps.map((step) => step.name).filter((other) => ancestorsOf(flow, other).has(name));
