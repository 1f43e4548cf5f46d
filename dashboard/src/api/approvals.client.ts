import { request } from './client.js';

/** What a step asks people for, as the API shows it on the step. */
export interface Approval {
  id: string;
  state: 'requested' | 'approved' | 'denied' | 'expired' | 'cancelled';
  by: string[];
  count: number;
  votes: { by: string; decision: Decision; at: string; comment: string | null }[];
  until: string | null;
}

export type Decision = 'approve' | 'deny';

export const vote = (id: string, decision: Decision, comment: string): Promise<{ detail: string }> =>
  request(`/api/approvals/${encodeURIComponent(id)}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ decision, ...(comment && { comment }) }),
  });
