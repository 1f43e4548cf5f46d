import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfGitlab } from './outcomes.js';
import type { GitlabBody } from './payload.js';
import { actorOf } from './projects.js';

/** The hook gives eight digits of the commit; the whole id stands at the end of its address. */
const commitOf = (url: string | undefined): string | undefined => /\/commit\/([0-9a-f]{40,64})$/.exec(url ?? '')?.[1];

export const translateDeployment = (body: GitlabBody, project: string): Told => {
  // Before GitLab 14 only the job that deploys has an id here.
  const object = body.deployment_id ?? body.deployable_id;
  if (object === undefined) return ignored('deployment without an id');
  const outcome = outcomeOfGitlab(body.status);
  if (!outcome && body.status !== 'running') return ignored('deployment state not used');
  const data = present({
    repository: project,
    branch: body.ref?.startsWith('refs/') ? undefined : body.ref,
    sha: commitOf(body.commit_url),
    environment: body.environment,
    outcome,
    actor: actorOf(body),
    title: body.commit_title,
    url: body.deployable_url ?? body.environment_external_url,
    finishedAt: outcome && body.status_changed_at,
    startedAt: outcome ? undefined : body.status_changed_at,
    occurredAt: body.status_changed_at,
    raw: present({ status: body.status }),
  });
  return [{ type: outcome ? 'deployment.finished' : 'deployment.started', object, data }];
};
