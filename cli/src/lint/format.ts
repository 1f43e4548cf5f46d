import { formatFault } from '@stellwerk/flows';
import type { LintReport } from '@stellwerk/trial';

export const asText = ({ faults }: LintReport): string[] => faults.map(formatFault);

export const asJson = (report: LintReport): string => JSON.stringify(report, null, 2);

/** One line for people. */
export const summary = ({ errors, warnings, files, resources }: LintReport): string => {
  if (errors > 0) return `${amount(errors, 'error')}, ${amount(warnings, 'warning')} in ${amount(files, 'file')}`;
  const kinds = Object.entries(resources).filter(([, count]) => count > 0).map(([kind, count]) => amount(count, kind.replace(/s$/, '')));
  return `${amount(files, 'file')} valid: ${kinds.join(', ') || 'nothing in it'}${warnings > 0 ? `; ${amount(warnings, 'warning')}` : ''}`;
};

const amount = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
