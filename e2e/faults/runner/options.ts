import { parseArgs } from 'node:util';

export interface FaultOptions {
  /** Numbers; all when absent. */
  only?: number[];
  quick: boolean;
  seed: number;
  list: boolean;
  json: boolean;
  write: boolean;
  help: boolean;
}

export const HELP = `npm run faults -- [options]

Runs the fault suite: real processes, real NATS and Postgres, broken on purpose; then checks that nothing was lost and nothing done twice.

  --only 6,7     these scenarios (also 1-16)
  --quick        the part that npm test runs, with shorter outages
  --seed 42      randomness of loads and faults; printed, so that a failure can be repeated
  --list         numbers and titles, runs nothing
  --json         the results as JSON on stdout; progress goes to stderr
  --write        also writes bench/results/faults-<date>.md and .json
  --help

Exit code 0: every invariant held. 1: some did not. 2: wrong options.`;

const numbersIn = (text: string): number[] => text.split(',').flatMap((part) => {
  const [, from, to] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
  if (from === undefined) throw new Error(`--only ${text}: expected numbers, e.g. 6,7 or 1-16`);
  return Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, i) => Number(from) + i);
});

/** Throws an error in words. */
export const parseOptions = (args: string[]): FaultOptions => {
  const { values } = parseArgs({ args, options: {
    only: { type: 'string' }, quick: { type: 'boolean', default: false }, seed: { type: 'string' }, list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
  } });
  if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) throw new Error(`--seed ${values.seed}: expected a whole number`);
  const { seed, only, ...flags } = values;
  return { ...flags, seed: seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(seed), ...(only === undefined ? {} : { only: numbersIn(only) }) };
};
