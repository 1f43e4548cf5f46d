import { CORRELATION_NAME, correlationOf } from '../shared/correlation.js';
import type { Told } from '../shared/drafts.js';
import { isRecord, present } from '../shared/read.js';
import { safeCopy } from '../shared/safe-copy.js';
import type { GithubBody } from './payload.js';

/** GitHub calls the sender's `event_type` the action. */
export const translateRepositoryDispatch = (body: GithubBody, repository: { full_name: string }, whole: Record<string, unknown>): Told => {
  const sent = isRecord(whole['client_payload']) ? whole['client_payload'] : {};
  const data = present({
    repository: repository.full_name,
    branch: body.branch,
    cause: 'api' as const,
    fork: false,
    actor: body.sender?.login,
    title: body.action,
    payload: safeCopy(sent),
    correlation: correlationOf(sent[CORRELATION_NAME]),
    raw: present({ action: body.action }),
  });
  return [{ type: 'custom.received', object: body.action ?? 'repository_dispatch', data }];
};
