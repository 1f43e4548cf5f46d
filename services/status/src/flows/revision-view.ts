import { createTwoFilesPatch } from 'diff';
import type { Flow } from '@stellwerk/flows';
import { stringify } from 'yaml';
import { encodeCursor } from '../http/cursor.js';
import type { FlowRevisionList, FlowRevisionView } from './flow.response.js';
import type { RevisionRow } from './flow-revisions.repository.js';

/** Nobody reads more, and the work grows with the square of it. */
const MOST_CHANGED_LINES = 2_000;

/** A flow as text that people can compare; where it lies and its hash are no part of what it does. */
const asText = ({ revision: _revision, file: _file, ...content }: Flow): string => stringify(content, { lineWidth: 0 });

/** What was changed, as a unified diff of the content; null for the first one, and where hardly a line stayed. */
const diffOf = (row: RevisionRow, before: RevisionRow | undefined): string | null => {
  if (!before) return null;
  const options = { context: 3, maxEditLength: MOST_CHANGED_LINES };
  const patch = createTwoFilesPatch(before.revision, row.revision, asText(before.content), asText(row.content), undefined, undefined, options);
  return patch ?? null;
};

const view = (row: RevisionRow, before: RevisionRow | undefined): FlowRevisionView => ({
  revision: row.revision, inForce: row.replaced_at === null, firstSeenAt: row.first_seen_at.toISOString(), inForceAt: row.in_force_at.toISOString(),
  replacedAt: row.replaced_at?.toISOString() ?? null, follows: before?.revision ?? null, diff: diffOf(row, before), content: row.content,
});

/** `rows`: one more than `limit`, where there is one. */
export const revisionPage = (rows: readonly RevisionRow[], limit: number): FlowRevisionList => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row, at) => view(row, rows[at + 1])),
    next: rows.length > limit && last ? encodeCursor({ at: last.at, id: last.revision }) : null,
  };
};
