import type { PlanInput, TriggerAnswer } from '../plan.js';
import { NAMED_HOLDERS, type SlotAnswers, type SlotHolder } from '../slots.js';
import type { FactsRead } from './note-reads.js';

/** Who is in a slot, as it is kept: those who are named to people, then how many more. A slot may hold a thousand, and twenty are told of each change. */
export type KeptHolders = readonly (SlotHolder | number)[];

const isHolder = (one: SlotHolder | number): one is SlotHolder => typeof one !== 'number';

const keep = (holders: readonly SlotHolder[]): KeptHolders => {
  const named = holders.slice(0, NAMED_HOLDERS).map(({ run, flow, step }) => ({ run, flow, ...(step !== undefined && { step }) }));
  return holders.length > named.length ? [...named, holders.length - named.length] : named;
};

/** As many as there were; of those nobody is told by name each stands for the last who is. */
const restore = (kept: KeptHolders): SlotHolder[] => {
  const named = kept.filter(isHolder);
  const more = kept.find((one) => !isHolder(one)) as number | undefined;
  return [...named, ...Array.from({ length: more ?? 0 }, () => named.at(-1)!)];
};

type WithHolders = Extract<PlanInput, { holders: unknown }>;

/** A piece of news as it is kept: without what no state depends on. */
export type KeptInput = Exclude<PlanInput, WithHolders> | (Omit<WithHolders, 'holders'> & { holders: KeptHolders });

/** What planning knows of an answer; connectors say more. */
export const bareAnswer = ({ command, platformRun, platformRunKey, followed, outputs, rejection, reason }: TriggerAnswer): TriggerAnswer =>
  ({ command, platformRun, platformRunKey, followed, outputs, rejection, reason });

const keptAnswer = ({ kind, result }: Extract<PlanInput, { result: unknown }>): KeptInput => ({ kind, result: bareAnswer(result) });

export const keepInput = (input: PlanInput): KeptInput => {
  if ('result' in input) return keptAnswer(input);
  if ('holders' in input) return { ...input, holders: keep(input.holders) };
  if (input.kind !== 'vote') return input;
  // The address of who voted is kept only where votes are.
  const { from: _, ...vote } = input;
  return vote;
};

export const restoreInput = (input: KeptInput): PlanInput => ('holders' in input ? { ...input, holders: restore(input.holders) } as WithHolders : input);

export interface KeptAnswer {
  key: string;
  given: boolean;
  holders?: KeptHolders;
}

/** What was read, as it is kept. */
export type KeptRead = Omit<FactsRead, 'slots'> & { slots?: Readonly<Record<string, KeptAnswer>> };

const each = <A, B>(all: Readonly<Record<string, A>>, change: (one: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));

export const keepRead = ({ slots, ...read }: FactsRead): KeptRead =>
  ({ ...read, ...(slots && { slots: each(slots, ({ holders, ...answer }) => ({ ...answer, ...(holders && { holders: keep(holders) }) })) }) });

export const restoreRead = ({ slots, ...read }: KeptRead): FactsRead =>
  ({ ...read, ...(slots && { slots: each(slots, ({ holders, ...answer }) => ({ ...answer, ...(holders && { holders: restore(holders) }) })) satisfies SlotAnswers }) });
