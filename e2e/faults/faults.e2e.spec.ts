import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from './runner/run-suite.ts';
import type { Result } from './runner/run-scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

const QUICK = SCENARIOS.filter(({ quick }) => quick);
const SEED = Math.floor(Math.random() * 1_000_000);

let results: readonly Result[];

// One rig for all of them: they run one after the other before the first of them is judged.
beforeAll(async () => {
  console.log(`fault suite, quick part: to repeat it, npm run faults -- --quick --seed ${SEED}`);
  results = await runSuite(QUICK, { seed: SEED, full: false, say: (line) => console.log(line) });
}, 900_000);

describe('nothing lost, nothing twice', () => {
  it.each(QUICK)('$number: $title', ({ number }) => {
    expect(results.find((result) => result.number === number)?.violations).toEqual([]);
  });
});
