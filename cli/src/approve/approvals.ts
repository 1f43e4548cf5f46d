import type { StatusClient } from '../api/status.client.js';
import { table } from '../api/table.js';

/** As `GET /api/approvals` gives it. */
export interface Approval {
  id: string;
  state: 'requested' | 'approved' | 'denied' | 'expired' | 'cancelled';
  flow: string;
  run: string;
  step: string;
  environment: string | null;
  by: string[];
  count: number;
  votes: { by: string; decision: 'approve' | 'deny'; comment: string | null }[];
  until: string | null;
  event: { repository: string | null; branch: string | null; title: string | null };
}

interface Page {
  items: Approval[];
  next: string | null;
}

const PAGE = 200;

/** At most `limit` approvals, newest first. `more`: there are others. */
export const listApprovals = async (client: StatusClient, filter: { state?: string; flow?: string; run?: string }, limit: number): Promise<{ items: Approval[]; more: boolean }> => {
  const items: Approval[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<Page>('/api/approvals', { ...filter, cursor, limit: String(Math.min(PAGE, limit - items.length)) });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  return { items, more: cursor !== undefined };
};

const votesOf = ({ votes, count }: Approval): string => {
  const approved = votes.filter(({ decision }) => decision === 'approve').length;
  return `${approved}/${count}`;
};

const aboutOf = ({ event: { repository, branch, title } }: Approval): string =>
  [repository, branch && `@ ${branch}`, title && `"${title}"`].filter(Boolean).join(' ');

export const asTable = (approvals: readonly Approval[]): string[] => table([
  ['ID', 'STATE', 'FLOW', 'FOR', 'VOTES', 'BY', 'UNTIL', 'ABOUT'],
  ...approvals.map((one) => [one.id, one.state, one.flow, one.environment ?? one.step, votesOf(one), one.by.join(','), one.until ?? '', aboutOf(one)]),
]);
