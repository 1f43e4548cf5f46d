import { mergedChain, type Chain, type Trigger } from '@stellwerk/flows';

/** A run may be started by a run that was started by a run …: this many before it, no more. */
export const LONGEST_CHAIN = 20;

/** A run whose command an event goes back to. */
export interface Behind {
  id: string;
  flow: string;
  chain: Chain;
}

/** What keeps an event from starting a flow, and the run on which that is said. */
export interface Circle {
  run: string;
  text: string;
}

const chainOf = ({ chain, flow }: Behind): Chain => ({ links: chain.flows.length + 1, flows: [...chain.flows, flow] });

/**
 * The chain of a run that an event of `behind` starts; a run that nobody of ours caused begins a new one. Several may be behind an event:
 * one has started the platform's run, another has set it going again.
 */
export const chainAfter = (behind: readonly Behind[]): Chain => mergedChain(behind.map(chainOf));

/** Undefined when the event, which goes back to `behind`, may start the flow. */
export const circleAt = (flow: string, trigger: Trigger, behind: readonly Behind[]): Circle | undefined => {
  const full = behind.find((one) => chainOf(one).links >= LONGEST_CHAIN);
  if (full) return { run: full.id, text: `flow ${flow} was not started by its result: the chain has ${LONGEST_CHAIN} links` };
  const own = trigger.allowCircle ? undefined : behind.find((one) => chainOf(one).flows.includes(flow));
  return own && { run: own.id, text: `flow ${flow} was not started again by its own result (allow-circle would let it)` };
};
