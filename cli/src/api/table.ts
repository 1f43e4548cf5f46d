const MOST = 80;

// What came from outside must neither break a line nor steer the terminal.
const plain = (text: string): string => [...text].map((char) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(char) ? ' ' : char)).join('');

const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);

/** Lines with columns under each other; the last column is as long as it is. */
export const table = (rows: readonly (readonly string[])[]): string[] => {
  const cells = rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? plain(cell) : cut(plain(cell)))));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ').trimEnd());
};

/** `name  value` lines; what is null or undefined is left out. */
export const fields = (values: Record<string, string | number | null | undefined>): string[] =>
  table(Object.entries(values).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)]])));

/** Text of others as it is, line by line, without anything that steers the terminal. */
export const block = (text: string): string[] => text.split(/\r?\n/).map((line) => `  ${plain(line)}`);
