import { readTests, sortFaults, type Fault, type FlowTest, type ResourceFile, type ResourceSet } from '@stellwerk/flows';
import type { Checked } from '../lint/lint-report.js';
import { CannotSimulate } from './cannot-simulate.js';
import { compare } from './compare.js';
import { loadRecordings, type ReadText } from './load-recordings.js';
import { Reached, type NotReached } from './reached.js';
import { simulate } from './simulate.js';
import type { Recording } from './told-events.js';

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

/** What tests are run against, and the tests. */
export interface TestContent extends Checked {
  testFiles: readonly ResourceFile[];
  /** Of test files that cannot be read. */
  testFaults: readonly Fault[];
  read: ReadText;
}

/** Plays the tests against the resources; nothing is read but by `read`, nothing is triggered. */
export const runTests = async ({ resources, faults, testFiles, testFaults, read }: TestContent): Promise<TestReport> => {
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { tests: [], faults: errors, notReached: [] };
  const found = readTests(testFiles, resources);
  const reached = new Reached();
  const tests: RanTest[] = [];
  for (const test of found.tests) tests.push(runTest(test, { resources, reached, recordings: await loadRecordings(test, read) }));
  return { tests, faults: sortFaults([...testFaults, ...found.faults]), notReached: reached.missing(resources) };
};

interface Around {
  resources: ResourceSet;
  reached: Reached;
  recordings: Map<number, Recording>;
}

const runTest = (test: FlowTest, around: Around): RanTest => {
  if (test.faults.length === 0) play(test, around);
  return { file: test.file, name: test.spec.name, faults: sortFaults(test.faults) };
};

const play = (test: FlowTest, { resources, reached, recordings }: Around): void => {
  try {
    const simulated = simulate(test, resources, recordings);
    reached.add(simulated, resources);
    compare(test, simulated, resources);
    simulated.answers.reportUnused();
  } catch (error) {
    if (!(error instanceof CannotSimulate)) throw error;
    test.report([], error.message);
  }
};
