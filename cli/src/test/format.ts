import { formatFault } from '@stellwerk/flows';
import type { NotReached } from './reached.js';
import type { RanTest, TestReport } from './run-tests.js';

const passed = ({ faults }: RanTest): boolean => faults.length === 0;

export const isGood = ({ tests, faults }: TestReport): boolean => faults.length === 0 && tests.every(passed);

export const asText = ({ tests, faults, notReached }: TestReport): string[] => [
  ...tests.flatMap((test) => [`${passed(test) ? 'ok    ' : 'FAILED'}  ${test.file}: ${test.name}`, ...test.faults.map((fault) => `        ${formatFault(fault)}`)]),
  ...faults.map(formatFault),
  ...(tests.length > 0 && notReached.length > 0 ? ['not reached by any test:', ...notReached.map(lineOf)] : []),
];

const lineOf = ({ file, flow, part, never }: NotReached): string => `  ${file}: ${flow}: ${part} ${['true', 'false', 'asked'].includes(never) ? `was never ${never}` : `never ${never}`}`;

/** One line for people. */
export const summary = ({ tests, faults }: TestReport): string => {
  const good = tests.filter(passed).length;
  const wrong = faults.length === 0 ? '' : `, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the files`;
  return `${good} passed, ${tests.length - good} failed${wrong}`;
};

export const asJson = (report: TestReport): string => JSON.stringify({
  ok: isGood(report), passed: report.tests.filter(passed).length, failed: report.tests.filter((test) => !passed(test)).length,
  tests: report.tests.map((test) => ({ ...test, ok: passed(test) })), faults: report.faults, notReached: report.notReached,
}, null, 2);
