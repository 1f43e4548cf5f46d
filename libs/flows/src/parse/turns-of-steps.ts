import { surePaths } from '../expressions/sure-reads.js';
import { upstreamOf, type Needs } from './circles.js';

/** When a step begins. */
export interface Turn {
  step: string;
  /** Those that surely have ended. */
  ended: ReadonlySet<string>;
  needs: Needs;
}

/** Why a step cannot have ended at that turn, as it never has; undefined where it may. */
export const neverEnded = (name: string, { step, needs }: Turn): string | undefined => {
  if (name === step) return `step "${name}" cannot read itself: it has not ended when this is asked`;
  return upstreamOf(needs, name).has(step) ? `step "${name}" begins only after this one, and has never ended here` : undefined;
};

/** Whether an expression surely fails before the step begins that it reads: only its state is there then, and the map of outputs that holds none. */
export const failsBefore = (expression: string, name: string): boolean =>
  surePaths(expression).some(({ path: [variable, step, field, output] }) =>
    variable === 'steps' && step === name && field !== undefined && (field === 'outputs' ? output !== undefined : field !== 'state'));
