import type { RanTest, TestReport } from './run-tests.js';

/** Whether a test found nothing that is otherwise than it expects. */
export const passed = ({ faults }: RanTest): boolean => faults.length === 0;

export const isGood = ({ tests, faults }: TestReport): boolean => faults.length === 0 && tests.every(passed);

/** A report as programs get it. */
export interface TestSummary extends TestReport {
  ok: boolean;
  passed: number;
  failed: number;
  tests: (RanTest & { ok: boolean })[];
}

export const testSummary = (report: TestReport): TestSummary => ({
  ok: isGood(report), passed: report.tests.filter(passed).length, failed: report.tests.filter((test) => !passed(test)).length,
  tests: report.tests.map((test) => ({ ...test, ok: passed(test) })), faults: report.faults, notReached: report.notReached,
});
