import type { Flow } from '../../model.js';
import type { EnvironmentHistory, EnvironmentRules, PlanFacts } from '../plan.js';
import type { SlotAnswers } from '../slots.js';

/** What planning saw of the world. Absent = it did not look there. */
export interface FactsRead {
  /** Its time, RFC 3339 with milliseconds. */
  at: string;
  /** Drawn, in this order. */
  random?: number[];
  runUrl?: string;
  /** Of the environments that the flow names. */
  environments?: Readonly<Record<string, EnvironmentRules>>;
  ledger?: Readonly<Record<string, EnvironmentHistory>>;
  slots?: SlotAnswers;
}

const named = ({ steps }: Flow, environments: PlanFacts['environments']): PlanFacts['environments'] => {
  const names = new Set(steps.flatMap(({ environment }) => (environment !== undefined && Object.hasOwn(environments, environment) ? [environment] : [])));
  return Object.fromEntries([...names].map((name) => [name, environments[name]!]));
};

/** The facts, and a list of what was read of them: whatever plans cannot see anything without it being noted. */
export const noteReads = (facts: PlanFacts, flow: Flow): { facts: PlanFacts; read: FactsRead } => {
  const read: FactsRead = { at: facts.now.toISOString() };
  return { read, facts: {
    now: facts.now,
    random: () => {
      const drawn = facts.random();
      (read.random ??= []).push(drawn);
      return drawn;
    },
    get runUrl() { return (read.runUrl = facts.runUrl); },
    get environments() { return (read.environments ??= named(flow, facts.environments)); },
    get ledger() { return (read.ledger = facts.ledger); },
    get slots() {
      if (facts.slots) read.slots = facts.slots;
      return facts.slots;
    },
  } };
};

const NOT_READ = 'the planner of this version reads what the one that made the history did not';

const noted = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`expected ${what} in the history, found none: ${NOT_READ}`);
  return value;
};

/** The world as it was read then. Throws when something is looked for that was not. */
export const factsOfRead = (read: FactsRead): PlanFacts => {
  const drawn = [...(read.random ?? [])];
  return {
    now: new Date(read.at),
    random: () => noted(drawn.shift(), 'a random number'),
    get runUrl() { return noted(read.runUrl, 'the URL of the run'); },
    get environments() { return noted(read.environments, 'the rules of environments'); },
    get ledger() { return noted(read.ledger, 'the ledger'); },
    slots: read.slots,
  };
};
