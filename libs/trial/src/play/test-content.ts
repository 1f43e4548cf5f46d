import type { Fault, ResourceFile } from '@stellwerk/flows';
import type { Checked } from '../lint/lint-report.js';
import type { ReadText } from './load-recordings.js';

/** What tests are run against, and the tests. */
export interface TestContent extends Checked {
  testFiles: readonly ResourceFile[];
  /** Of test files that cannot be read. */
  testFaults: readonly Fault[];
  read: ReadText;
}
