/** In JSON: NUL, and halves of a character without the other. Texts come from outside; the database takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

const cleaned = (value: unknown): unknown => {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), cleaned(inner)]));
};

/** Rows as the one JSON parameter of their statement. */
export const rowsJson = (rows: readonly object[]): string => {
  const text = JSON.stringify(rows);
  return UNSTORABLE.test(text) ? JSON.stringify(cleaned(rows)) : text;
};

/**
 * Rows for one statement that writes many: they travel as one JSON document. In the order of their keys, so that two
 * replicas that write the same rows wait for each other instead of both losing.
 */
export const sortedRows = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] =>
  rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));

/** Of each key the first. */
export const firstOfEach = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] => {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(keyOf(row)) && seen.add(keyOf(row)));
};

/** Rows in rounds, each with any key at most once, for statements that touch a row once: a key's rows stay in their order. */
export const rounds = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] => {
  const found: Row[][] = [];
  const counts = new Map<string, number>();
  for (const row of rows) {
    const round = counts.get(keyOf(row)) ?? 0;
    counts.set(keyOf(row), round + 1);
    (found[round] ??= []).push(row);
  }
  return found;
};
