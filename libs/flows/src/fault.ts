/** Something wrong in a resource file. Lines and columns count from 1. */
export interface Fault {
  file: string;
  line: number;
  column: number;
  message: string;
  severity: 'error' | 'warning';
}

/** `path:line:column: message`; a warning says so. */
export const formatFault = (fault: Fault): string =>
  `${fault.file}:${fault.line}:${fault.column}: ${fault.severity === 'warning' ? 'warning: ' : ''}${fault.message}`;

/** By file, then by place: the order people fix them in. */
export const sortFaults = (faults: readonly Fault[]): Fault[] =>
  [...faults].sort((a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
