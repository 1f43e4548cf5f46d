import { createHash } from 'node:crypto';
import type { EventContext, Join } from '../model.js';
import { mergedChain } from '../planning/merged-chain.js';
import type { Chain } from '../planning/run-record.js';
import { factNames, type JoinRecord, type PartRecord } from './join-record.js';

/** What a round of a join starts its run with. */
export interface JoinCause {
  /** Made from the facts of the parts: the same ones start one run, in whatever order, and however often they are told. */
  fact: string;
  /** The one that came last. */
  event: EventContext;
  events: Record<string, EventContext>;
  chain: Chain;
}

/** Undefined when no part of the join as it is now has come. */
export const joinCause = (record: JoinRecord, join: Join): JoinCause | undefined => {
  const parts = partsOf(record, join);
  const last = parts.at(-1);
  if (!last) return undefined;
  const facts = parts.map(({ name, event }) => `${name} ${factNames(event)[0]!}`).sort();
  return {
    fact: `join:${record.id}:${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 24)}`,
    event: last.event,
    events: Object.fromEntries(parts.map(({ name, event }) => [name, event])),
    chain: mergedChain(parts.map(({ chain: of }) => of)),
  };
};

/** Those that the join still has: the flow may have been edited since. */
export const partsOf = ({ parts }: JoinRecord, join: Join): PartRecord[] => parts.filter(({ name }) => join.parts.some((part) => part.name === name));

/** Names of the parts that have not come. */
export const missingParts = ({ parts }: JoinRecord, join: Join): string[] =>
  join.parts.map(({ name }) => name).filter((name) => !parts.some((part) => part.name === name));
