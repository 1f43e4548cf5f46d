import { stat } from 'node:fs/promises';
import { loadDirectory, readTestFiles } from '@stellwerk/config';
import { readTests, sortFaults, type Fault, type FlowTest, type ResourceSet } from '@stellwerk/flows';
import { UsageError } from '../terminal.js';
import { CannotSimulate } from './cannot-simulate.js';
import { compare } from './compare.js';
import { loadRecordings } from './load-recordings.js';
import { Reached, type NotReached } from './reached.js';
import { simulate } from './simulate.js';

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

/** Runs every `*.test.yaml` below `dir` against the resources there. Throws UsageError when there is nothing to test. */
export const runTests = async (dir: string): Promise<TestReport> => {
  const isDirectory = await stat(dir).then((found) => found.isDirectory(), () => undefined);
  if (!isDirectory) throw new UsageError(`${dir}: ${isDirectory === undefined ? 'no such directory' : 'expected the directory with flows and their tests'}`);
  const { resources, faults } = await loadDirectory(dir);
  const found = await readTestFiles(dir);
  if (found.files.length === 0 && found.faults.length === 0) throw new UsageError(`${dir}: no *.test.yaml in it`);
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { tests: [], faults: errors, notReached: [] };
  const read = readTests(found.files, resources);
  const reached = new Reached();
  const tests: RanTest[] = [];
  for (const test of read.tests) tests.push(await runTest(test, resources, reached));
  return { tests, faults: sortFaults([...found.faults, ...read.faults]), notReached: reached.missing(resources) };
};

const runTest = async (test: FlowTest, resources: ResourceSet, reached: Reached): Promise<RanTest> => {
  const recordings = await loadRecordings(test);
  if (test.faults.length === 0) play(test, resources, { recordings, reached });
  return { file: test.file, name: test.spec.name, faults: sortFaults(test.faults) };
};

const play = (test: FlowTest, resources: ResourceSet, { recordings, reached }: { recordings: Awaited<ReturnType<typeof loadRecordings>>; reached: Reached }): void => {
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
