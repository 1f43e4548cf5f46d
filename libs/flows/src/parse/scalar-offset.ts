import type { Scalar } from 'yaml';

const ESCAPE_LENGTHS: Record<string, number> = { x: 4, u: 6, U: 10 };

/**
 * Where the character at `index` of a scalar's value stands in the file. Value and source are walked side by side, as
 * quotes, escapes, indentation and folded lines are in one and not in the other.
 */
export const offsetInScalar = (source: string, node: Scalar, index: number): number => {
  const [start, end] = node.range!;
  const value = String(node.value);
  let offset = contentStart(source, node, start);
  for (let i = 0; i < index && offset < end; i++) offset = after(source, node, skipped(source, node, offset, value[i]!));
  return Math.min(index < value.length ? skipped(source, node, offset, value[index]!) : offset, Math.max(start, end - 1));
};

const contentStart = (source: string, node: Scalar, start: number): number => {
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1;
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  return isBlock ? source.indexOf('\n', start) + 1 : start;
};

/** The place of the value's next character: past indentation, and past line breaks that folding turned into one blank. */
const skipped = (source: string, node: Scalar, offset: number, wanted: string): number => {
  if (node.type === 'QUOTE_DOUBLE' && source[offset] === '\\') return offset;
  if (source[offset] === wanted || !/\s/.test(source[offset] ?? '')) return offset;
  const blanks = /^\s+/.exec(source.slice(offset, offset + 2000))?.[0].length ?? 0;
  return /\s/.test(wanted) ? offset : offset + blanks;
};

/** Past the character at `offset`. */
const after = (source: string, node: Scalar, offset: number): number => {
  if (node.type === 'QUOTE_DOUBLE' && source[offset] === '\\') return offset + (ESCAPE_LENGTHS[source[offset + 1] ?? ''] ?? 2);
  if (node.type === 'QUOTE_SINGLE' && source.startsWith("''", offset)) return offset + 2;
  return offset + 1;
};
