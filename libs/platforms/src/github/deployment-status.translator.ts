import type { Outcome } from '@stellwerk/contracts';
import { CORRELATION_NAME, correlationOf } from '../shared/correlation.js';
import { ignored, type ObjectDraft, type Told } from '../shared/drafts.js';
import { isRecord, present } from '../shared/read.js';
import { isForkRun } from './forks.js';
import type { GithubBody } from './payload.js';

/** `pending` is how tools older than `in_progress` say that they have begun. */
const STARTED = new Set(['in_progress', 'pending']);
const FINISHED: Readonly<Record<string, Outcome>> = { success: 'success', failure: 'failure', error: 'error' };

type Deployment = NonNullable<GithubBody['deployment']>;
type Status = NonNullable<GithubBody['deployment_status']>;

/** A deployment may be asked for by commit: that is no branch. */
const branchOf = ({ ref, sha }: Deployment): string | undefined =>
  ref === undefined || ref === sha || /^[0-9a-f]{40}$/.test(ref) ? undefined : ref.replace(/^refs\/heads\//, '');

/** Our id, as the payload of a deployment that a command has created carries it: https://docs.github.com/en/rest/deployments/deployments#create-a-deployment */
const creatorOf = (whole: Record<string, unknown>): string | undefined => {
  const payload = isRecord(whole['deployment']) ? whole['deployment']['payload'] : undefined;
  return isRecord(payload) ? correlationOf(payload[CORRELATION_NAME]) : undefined;
};

const dataOf = (body: GithubBody, deployment: Deployment, status: Status, repository: { full_name: string }): ObjectDraft['data'] =>
  present({
    repository: repository.full_name,
    branch: branchOf(deployment),
    sha: deployment.sha,
    pipeline: body.workflow?.name,
    environment: status.environment ?? deployment.environment,
    fork: body.workflow_run ? isForkRun(body.workflow_run, repository) : undefined,
    actor: status.creator?.login ?? deployment.creator?.login ?? body.sender?.login,
    title: status.description,
    url: status.log_url ?? status.target_url ?? status.environment_url,
    occurredAt: status.updated_at ?? status.created_at,
    raw: present({ state: status.state, task: deployment.task }),
  });

export const translateDeploymentStatus = (body: GithubBody, repository: { full_name: string }, whole: Record<string, unknown>): Told => {
  const { deployment, deployment_status: status } = body;
  if (deployment?.id === undefined || status?.state === undefined) return ignored('deployment without an id or state');
  const data = present({ ...dataOf(body, deployment, status, repository), causedBy: creatorOf(whole) });
  if (STARTED.has(status.state)) return [{ type: 'deployment.started', object: deployment.id, data }];
  if (!Object.hasOwn(FINISHED, status.state)) return ignored('deployment state not used');
  const finished = { ...data, outcome: FINISHED[status.state]!, finishedAt: data.occurredAt };
  // A deployment may fail and then succeed: each final status is a fact.
  return [{ type: 'deployment.finished', object: deployment.id, attempt: status.id ?? 1, data: present(finished) }];
};
