import { readOutputs, type Outputs, type ReadOutputs } from '@stellwerk/contracts';
import type { StartedRun } from '../adapter.js';
import type { Decision } from './decide.js';
import { hideSecrets } from './hide-secrets.js';

/** An answer's outputs as they may be kept and told: bounded, and without the secrets of the call. */
export const outputsToKeep = (outputs: Outputs | undefined, secrets: () => readonly string[]): ReadOutputs | undefined => {
  const { outputs: read, leftOut } = readOutputs(outputs);
  return read ? { outputs: hideSecrets(read, secrets()) } : leftOut === undefined ? undefined : { leftOut };
};

/**
 * Puts outputs to a decision: to the event that tells of the acceptance, or to the dispatch while its run has still to be told.
 * `given`: what the platform gave, now or when it took the command; else what follows from the run.
 */
export const giveOutputs = (decision: Decision, given: ReadOutputs | undefined, outputsOf: (run: StartedRun) => Outputs | undefined): Decision => {
  const { change, event } = decision;
  if (event?.type === 'trigger.accepted') {
    const outputs = given?.outputs ?? readOutputs(change.run && outputsOf(change.run)).outputs;
    const told = { ...(outputs && { outputs }), ...(given?.leftOut !== undefined && { reason: given.leftOut }) };
    return { ...decision, event: { ...event, outcome: { ...event.outcome, ...told } } };
  }
  return given && change.state === 'TRIGGERED' ? { ...decision, change: { ...change, outputs: given } } : decision;
};
