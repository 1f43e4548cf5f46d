import { Random, countsOf, gather, mark, quiet, violationsOf, type Expected, type Facts, type Rig } from '@stellwerk/testing/rig';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../scenario.ts';
import { heal } from './heal.ts';

/** One line of the closing table. */
export interface Result {
  number: number;
  title: string;
  did: string;
  seed: number;
  seconds: number;
  deliveries: number;
  runs: number;
  triggers: number;
  lost: number;
  doubled: number;
  violations: string[];
  /** What could not be run on this machine, and why. */
  notRun: string[];
}

export interface RunOptions {
  seed: number;
  full: boolean;
  say: (line: string) => void;
}

const QUIET_SECONDS = 180;
const NOTHING = { deliveries: 0, runs: 0, triggers: 0, lost: 0, doubled: 0 };

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What the invariants were checked against, for whoever looks for the reason; beside the logs. */
const keepFacts = (rig: Rig, number: number, facts: Facts): void => {
  const plain = (_key: string, value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value);
  writeFileSync(join(rig.dir, `facts-${number}.json`), JSON.stringify(facts, plain, 1));
};

/** What stands in the table when there was not even a rig. */
export const brokenResult = ({ number, title }: Scenario, { seed }: RunOptions, error: unknown): Result =>
  ({ number, title, did: '', seed, seconds: 0, ...NOTHING, notRun: [], violations: [`it broke: ${wordsOf(error)}`] });

/** Runs one scenario on a rig, waits until it is quiet and checks the invariants. Never rejects: what broke is a violation. */
export const runScenario = async (rig: Rig, scenario: Scenario, { seed, full, say }: RunOptions): Promise<Result> => {
  const began = Date.now();
  const own: string[] = [];
  const notRun: string[] = [];
  const expected: Expected = {};
  let done = '';
  let counts = NOTHING;
  try {
    const from = await mark(rig);
    // By scenario: alone or among others, it draws the same.
    rig.driver.random.reseed(seed * 100 + scenario.number);
    await scenario.run({
      rig, full, say, expected,
      random: new Random(seed * 100 + scenario.number + 7_777), // Not the same numbers as the driver draws.
      did: (what) => { done = what; },
      notRun: (why) => void notRun.push(why),
      check: (condition, otherwise) => { if (!condition) own.push(otherwise); },
      quiet: (timeoutMs) => quiet(rig, { timeoutMs }),
    });
    await heal(rig);
    await quiet(rig, { timeoutMs: (scenario.quietSeconds ?? QUIET_SECONDS) * 1_000 });
    const facts = await gather(rig, from);
    counts = countsOf(facts);
    keepFacts(rig, scenario.number, facts);
    own.push(...violationsOf(facts, expected).map(({ invariant, text }) => `${invariant} ${text}`));
  } catch (error) {
    own.push(`it broke: ${wordsOf(error)}`);
  }
  return { number: scenario.number, title: scenario.title, did: done, seed, seconds: Math.round((Date.now() - began) / 1_000), ...counts, notRun, violations: own };
};
