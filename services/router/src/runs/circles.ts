import type { Chain, Trigger } from '@stellwerk/flows';

/** A run may be started by a run that was started by a run …: this many before it, no more. */
export const LONGEST_CHAIN = 20;

/** The run whose command an event goes back to. */
export interface Behind {
  id: string;
  flow: string;
  chain: Chain;
}

/** The chain of a run that an event of `behind` starts; a run that nobody of ours caused begins a new one. */
export const chainAfter = (behind: Behind | undefined): Chain => {
  if (!behind) return { links: 0, flows: [] };
  return { links: behind.chain.links + 1, flows: [...behind.chain.flows, behind.flow] };
};

/** Why an event that goes back to `behind` does not start the flow; undefined when it does. */
export const circleAt = (flow: string, trigger: Trigger, behind: Behind | undefined): string | undefined => {
  const chain = chainAfter(behind);
  if (chain.links >= LONGEST_CHAIN) return `flow ${flow} was not started by its result: the chain has ${LONGEST_CHAIN} links`;
  if (!trigger.allowCircle && chain.flows.includes(flow)) return `flow ${flow} was not started again by its own result (allow-circle would let it)`;
  return undefined;
};
