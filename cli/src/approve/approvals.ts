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
