import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { ROOT } from '../bootstrap/root.mjs';
import { countsFile } from './test.config.ts';

/** What a test run came to. */
export interface Counts {
  passed: number;
  failed: number;
  /** One line for each failure: where, what, and the first line of why. */
  failures: string[];
}

const firstLine = (errors: readonly { message?: string }[] = []): string => errors[0]?.message?.split('\n')[0] ?? 'did not end';

/** A module that broke before its tests, and an error outside any test, count as one failure each. */
export const countTests = (modules: readonly TestModule[], errors: readonly SerializedError[]): Counts => {
  const counts: Counts = { passed: 0, failed: 0, failures: [] };
  for (const module of modules) {
    const file = relative(ROOT, module.moduleId);
    const tests = [...module.children.allTests()];
    counts.passed += tests.filter((test) => test.result().state === 'passed').length;
    const failed = tests.filter((test) => ['failed', 'pending'].includes(test.result().state));
    counts.failures.push(...failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.result().errors)}`));
    if (failed.length === 0 && module.state() === 'failed') counts.failures.push(`${file}: ${firstLine(module.errors())}`);
  }
  counts.failures.push(...errors.map((error) => `outside of any test: ${firstLine([error])}`));
  counts.failed = counts.failures.length;
  return counts;
};

/** What a run says last: each failure by name, where a long output would have buried it, and `N passed, N failed`. */
export const closing = ({ passed, failed, failures }: Counts): string =>
  [...failures.map((failure) => `✗ ${failure}`), `${passed} passed, ${failed} failed`].join('\n');

/** Ends a run with the line `N passed, N failed`; inside `npm test`, which adds runs up, the counts go to a file. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = countTests(modules, errors);
    const file = countsFile();
    if (file) writeFileSync(file, JSON.stringify(counts));
    else console.log(`\n${closing(counts)}`);
  }
}
