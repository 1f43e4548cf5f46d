import type { RunSnapshot } from './run.message.js';

/** `requested` while it is open. */
export const APPROVAL_STATES = ['requested', 'approved', 'denied', 'expired', 'cancelled'] as const;

export type ApprovalState = (typeof APPROVAL_STATES)[number];

export const DECISIONS = ['approve', 'deny'] as const;

export type Decision = (typeof DECISIONS)[number];

/** What one person said. From where it was said stays in the router's table and the audit log. */
export interface ApprovalVote {
  by: string;
  decision: Decision;
  at: string;
  comment?: string;
}

/** What a step asks people for, and what they said. */
export interface Approval {
  /** `approvalId(run, step, n)`. */
  id: string;
  run: string;
  flow: string;
  step: string;
  /** The environment whose rule it is; absent: a step of its own. */
  environment?: string;
  state: ApprovalState;
  /** People, and `team:<name>`. */
  by: string[];
  /** So many different people have to approve. */
  count: number;
  /** The actor of the event that started the run must not vote. */
  notAuthor: boolean;
  votes: ApprovalVote[];
  requestedAt: string;
  /** When it expires. */
  until?: string;
  decidedAt?: string;
  /** Why it was denied, expired or cancelled, in words for a person. */
  reason?: string;
  /** Counts its changes, from 1. Readers apply only a higher one. */
  version: number;
}

export const APPROVAL_EVENT_TYPES = ['approval.requested', 'approval.voted', 'approval.decided'] as const;

export type ApprovalEventType = (typeof APPROVAL_EVENT_TYPES)[number];

/** Data of `approval.*` events of the router, and of `status.approval.<flow>.<state>`; `run` as it was then. */
export interface ApprovalChanged {
  approval: Approval;
  run: RunSnapshot;
}
