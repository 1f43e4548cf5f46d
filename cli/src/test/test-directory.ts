import { readFile, stat } from 'node:fs/promises';
import { loadDirectory, readTestFiles } from '@stellwerk/config';
import { runTests, type TestReport } from '@stellwerk/trial';
import { UsageError } from '../terminal.js';

/** Runs every `*.test.yaml` below `dir` against the resources there. Throws UsageError when there is nothing to test. */
export const testDirectory = async (dir: string): Promise<TestReport> => {
  const isDirectory = await stat(dir).then((found) => found.isDirectory(), () => undefined);
  if (!isDirectory) throw new UsageError(`${dir}: ${isDirectory === undefined ? 'no such directory' : 'expected the directory with flows and their tests'}`);
  const { resources, faults } = await loadDirectory(dir);
  const found = await readTestFiles(dir);
  if (found.files.length === 0 && found.faults.length === 0) throw new UsageError(`${dir}: no *.test.yaml in it`);
  return runTests({ resources, faults, testFiles: found.files, testFaults: found.faults, read: (path) => readFile(path, 'utf8') });
};
