import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { countsFile } from './test.config.ts';

/** What a test run came to. */
export interface Counts {
  passed: number;
  failed: number;
}

/** A module that broke before its tests, and an error outside any test, count as one failure each. */
export const countTests = (modules: readonly TestModule[], errors: readonly SerializedError[]): Counts => {
  const counts: Counts = { passed: 0, failed: errors.length };
  for (const module of modules) {
    const results = [...module.children.allTests()].map((test) => test.result().state);
    counts.passed += results.filter((state) => state === 'passed').length;
    const failed = results.filter((state) => state === 'failed' || state === 'pending').length;
    counts.failed += failed || Number(module.state() === 'failed');
  }
  return counts;
};

/** Ends a run with the line `N passed, N failed`; inside `npm test`, which adds runs up, the counts go to a file. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = countTests(modules, errors);
    const file = countsFile();
    if (file) writeFileSync(file, JSON.stringify(counts));
    else console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  }
}
