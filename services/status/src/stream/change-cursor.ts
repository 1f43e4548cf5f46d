/**
 * The place of a change in the order in which the changes became visible: the transaction that made it, then the run.
 * A sequence would not do: a number drawn earlier may be committed later, and a reader that has passed it would miss it.
 */
export interface ChangeCursor {
  /** 64-bit transaction id, decimal. */
  change: string;
  run: string;
}

export const formatCursor = ({ change, run }: ChangeCursor): string => (run === '' ? change : `${change}.${run}`);

/** Undefined when the text is no cursor. */
export const parseCursor = (text: string): ChangeCursor | undefined => {
  const match = /^(\d{1,20})(?:\.(.{1,200}))?$/.exec(text);
  return match ? { change: match[1]!, run: match[2] ?? '' } : undefined;
};

/** Negative: `one` comes before `other`. Runs compare by bytes, as in the database. */
export const compareCursors = (one: ChangeCursor, other: ChangeCursor): number => {
  const difference = BigInt(one.change) - BigInt(other.change);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return Buffer.compare(Buffer.from(one.run), Buffer.from(other.run));
};
