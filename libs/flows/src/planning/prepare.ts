import { render } from '../expressions/render.js';
import { defaultInputs, readInputs } from '../inputs.js';
import type { InputValue } from '../model.js';
import type { Draft } from './plan.js';
import { claimRunSlot } from './run-slot.js';
import { startScope } from './scope.js';

/** Inputs, `env` and the run's place in its group, before the first step. `given`: by a person; undefined = nobody was asked. Gives why the run cannot begin, if so. */
export const prepare = (draft: Draft, given: Record<string, unknown> | undefined): string | undefined => {
  const { run, flow } = draft;
  const { inputs, faults } = given ? readInputs(flow.inputs, given) : { inputs: defaultInputs(flow.inputs), faults: [] };
  // What is at fault stays as it was given: a retry reads it once more.
  if (flow.inputs) run.inputs = faults.length > 0 ? (given as Record<string, InputValue>) : inputs;
  if (faults.length > 0) return `inputs: ${faults.map(({ detail }) => detail).join('; ')}`;
  try {
    run.env = render(flow.env, startScope(draft)) as Record<string, unknown>;
  } catch (error) {
    return `env: ${(error as Error).message}`;
  }
  return claimPlace(draft);
};

/** Asks for the run's place in its group; gives why that cannot be done. */
export const claimPlace = (draft: Draft): string | undefined => {
  try {
    claimRunSlot(draft);
    return undefined;
  } catch (error) {
    return `concurrency: ${(error as Error).message}`;
  }
};
