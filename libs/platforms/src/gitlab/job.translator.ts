import { ignored, type ObjectDraft, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfGitlab } from './outcomes.js';
import type { GitlabBody } from './payload.js';
import { actorOf, webUrlOf } from './projects.js';

const refOf = ({ ref, tag }: GitlabBody) => (tag === true ? { tag: ref } : { branch: ref?.startsWith('refs/') ? undefined : ref });

const dataOf = (body: GitlabBody, id: string, project: string): ObjectDraft['data'] => {
  const outcome = outcomeOfGitlab(body.build_status, [body.build_failure_reason]);
  const webUrl = webUrlOf(body);
  return present({
    repository: project,
    ...refOf(body),
    sha: body.sha,
    run: body.pipeline_id === undefined ? undefined : { id: body.pipeline_id, attempt: 1 },
    outcome,
    environment: body.environment,
    actor: actorOf(body),
    title: body.build_name,
    url: webUrl && `${webUrl}/-/jobs/${id}`,
    startedAt: body.build_started_at,
    finishedAt: outcome && body.build_finished_at,
    occurredAt: outcome ? body.build_finished_at : body.build_started_at,
    raw: present({ status: body.build_status, stage: body.build_stage, job: body.build_name, reason: body.build_failure_reason }),
  });
};

/** The hook `build`. A retried job has a new id, so there are no attempts. */
export const translateJob = (body: GitlabBody, project: string): Told => {
  if (body.build_id === undefined) return ignored('job without an id');
  const data = dataOf(body, body.build_id, project);
  if (data.outcome) return [{ type: 'taskrun.finished', object: body.build_id, data }];
  if (body.build_status === 'running') return [{ type: 'taskrun.started', object: body.build_id, data }];
  return ignored('job status not used');
};
