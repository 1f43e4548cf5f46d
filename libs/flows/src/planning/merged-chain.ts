import type { Chain } from './run-record.js';

/** Behind the longest of the chains the flows of the others: none of them may be started again by what follows. Of none: an empty one. */
export const mergedChain = (chains: readonly Chain[]): Chain => {
  const [longest = { links: 0, flows: [] }, ...others] = chains.toSorted((a, b) => b.flows.length - a.flows.length);
  const flows = [...longest.flows, ...new Set(others.flatMap((chain) => chain.flows).filter((flow) => !longest.flows.includes(flow)))];
  return { links: flows.length, flows };
};
