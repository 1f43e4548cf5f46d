import type { Concurrency } from '../model.js';

/** Those who count together: runs of one flow by their group, or deployments to one environment. */
export interface SlotName {
  /** `flow:<name>` or `environment`. */
  scope: string;
  /** The group's text, or the environment's name. */
  key: string;
}

const ENVIRONMENT = 'environment';

/** A group counts within its flow: only Environments are said to count over all flows. */
export const flowSlot = (flow: string, group: string): SlotName => ({ scope: `flow:${flow}`, key: group });

export const environmentSlot = (environment: string): SlotName => ({ scope: ENVIRONMENT, key: environment });

/** The environment a slot is of; undefined = it is of a flow. */
export const environmentOf = ({ scope, key }: SlotName): string | undefined => (scope === ENVIRONMENT ? key : undefined);

/** One text per slot. */
export const slotId = ({ scope, key }: SlotName): string => `${scope} ${key}`;

/** A place that a run, or one of its steps, asks for. */
export interface SlotAsk extends SlotName {
  /** Absent = the run itself. */
  step?: string;
  limit: number;
  whenFull: Concurrency['whenFull'];
}

/** Who is in a slot. */
export interface SlotHolder {
  run: string;
  flow: string;
  step?: string;
}

/** One place in a slot or in the line before it. */
export interface Place extends SlotAsk, SlotHolder {
  held: boolean;
  /** It was told to make room and is ending. */
  displaced: boolean;
  /** Its run is being rolled back: nobody may cancel that. */
  rollingBack: boolean;
}

/** What was said to whoever asked for a place. */
export interface SlotAnswer {
  key: string;
  given: boolean;
  /** Who is in it; absent = that could not be seen just now. */
  holders?: readonly SlotHolder[];
  /** It is not full: there is room also when all who wait have had their turn. */
  hasTurn?: true;
}

/** By name of the step; `''` = for the run itself. */
export type SlotAnswers = Readonly<Record<string, SlotAnswer>>;

/** It waits for a place in its group, and has not begun. */
export const isQueued = ({ slot }: { slot?: { state: 'waits' | 'held' | 'left' } }): boolean => slot?.state === 'waits';

/** So many of those who are in a slot are named to people. */
export const NAMED_HOLDERS = 3;
const LONGEST_KEY = 80;

/** Group texts come from events, so they may be long. */
export const shownKey = (key: string): string => (key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key);

const shown = ({ run, flow, step }: SlotHolder): string => (step === undefined ? `run ${run}` : `step ${step} of run ${run} (${flow})`);

/** `run A, run B and 2 more`. */
export const shownHolders = (holders: readonly SlotHolder[]): string => {
  const named = holders.slice(0, NAMED_HOLDERS).map(shown).join(', ');
  return holders.length > NAMED_HOLDERS ? `${named} and ${holders.length - NAMED_HOLDERS} more` : named;
};
