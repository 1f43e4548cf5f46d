import { ParameterError } from './problem.js';

/** Where a list goes on: the place of the last item in its order. Opaque to callers. */
export interface Place {
  at: string;
  id: string;
}

export const encodeCursor = ({ at, id }: Place): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** @throws ParameterError for a text that no list here gave out */
export const decodeCursor = (text: string): Place => {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    if (typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at))) return { at, id };
  } catch { /* said below, as for any other text that is no cursor */ }
  throw new ParameterError('cursor', 'must be the `next` of an earlier answer of this list');
};

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** A page from rows of which one more than `limit` was asked for: that one says that there is more. */
export const pageOf = <Row, T>(rows: Row[], limit: number, placeOf: (row: Row) => Place, view: (row: Row) => T): Page<T> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), next: rows.length > limit && last ? encodeCursor(placeOf(last)) : null };
};
