import { formatFault } from '@stellwerk/flows';
import { passed, testSummary, type NotReached, type TestReport } from '@stellwerk/trial';

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

export const asJson = (report: TestReport): string => JSON.stringify(testSummary(report), null, 2);
