import { ignored, type Told } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { outcomeOfGithub } from './outcomes.js';
import type { GithubBody } from './payload.js';

/** A queued job has not begun: CDEvents has no word for it and neither have we. */
const BY_ACTION: Readonly<Record<string, 'started' | 'finished'>> = { in_progress: 'started', completed: 'finished' };

export const translateWorkflowJob = (body: GithubBody, repository: { full_name: string }): Told => {
  const job = body.workflow_job;
  const predicate = body.action !== undefined && Object.hasOwn(BY_ACTION, body.action) ? BY_ACTION[body.action] : undefined;
  if (!predicate) return ignored('action not used');
  if (job?.id === undefined) return ignored('workflow job without an id');
  const finished = predicate === 'finished';
  const attempt = job.run_attempt ?? 1;
  const data = present({
    repository: repository.full_name,
    branch: job.head_branch,
    sha: job.head_sha,
    pipeline: job.workflow_name,
    run: job.run_id === undefined ? undefined : { id: job.run_id, attempt },
    outcome: finished ? outcomeOfGithub(job.conclusion) : undefined,
    actor: body.sender?.login,
    title: job.name,
    url: job.html_url,
    startedAt: job.started_at,
    finishedAt: finished ? job.completed_at : undefined,
    occurredAt: finished ? job.completed_at : job.started_at,
    raw: present({ status: job.status, conclusion: job.conclusion, job: job.name }),
  });
  return [{ type: `taskrun.${predicate}`, object: job.id, attempt, data }];
};
