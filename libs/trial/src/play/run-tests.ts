import { readTests, sortFaults, type Fault, type FlowTest, type ResourceSet } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { CannotSimulate } from './cannot-simulate.js';
import { compare } from './compare.js';
import { compareMissing } from './compare-missing.js';
import { loadRecordings, type ReadText } from './load-recordings.js';
import { Reached, type NotReached } from './reached.js';
import { simulate } from './simulate.js';
import type { TestContent } from './test-content.js';

export interface RanTest {
  file: string;
  name: string;
  faults: readonly Fault[];
}

export interface TestReport {
  /** In the order of the files. */
  tests: RanTest[];
  /** Of the resources and of the test files themselves: with one of them nothing is proved. */
  faults: Fault[];
  notReached: NotReached[];
}

/** Plays the tests against the resources; nothing is read but by `read`, nothing is triggered. */
export const runTests = async ({ resources, faults, testFiles, testFaults, read: readText }: TestContent): Promise<TestReport> => {
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { tests: [], faults: errors, notReached: [] };
  const read = readTests(testFiles, resources, (platform) => actionCatalog[platform]);
  const reached = new Reached();
  const tests: RanTest[] = [];
  for (const test of read.tests) tests.push(await runTest(test, resources, { reached, readText }));
  return { tests, faults: sortFaults([...testFaults, ...read.faults]), notReached: reached.missing(resources) };
};

const runTest = async (test: FlowTest, resources: ResourceSet, { reached, readText }: { reached: Reached; readText: ReadText }): Promise<RanTest> => {
  const recordings = await loadRecordings(test, readText);
  if (test.faults.length === 0) play(test, resources, { recordings, reached });
  return { file: test.file, name: test.spec.name, faults: sortFaults(test.faults) };
};

const play = (test: FlowTest, resources: ResourceSet, { recordings, reached }: { recordings: Awaited<ReturnType<typeof loadRecordings>>; reached: Reached }): void => {
  try {
    const simulated = simulate(test, resources, recordings);
    reached.add(simulated, resources);
    compare(test, simulated, resources);
    compareMissing(test, simulated.missing);
    simulated.answers.reportUnused();
  } catch (error) {
    if (!(error instanceof CannotSimulate)) throw error;
    test.report([], error.message);
  }
};
