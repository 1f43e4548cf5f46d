import { type GithubAttempt, type GithubRun, currentAttempt } from './github-run.js';
import { toSecond } from '../kit/time.js';
import { numberOf } from '../kit/numbers.js';
import { commitView, nodeId, repositoryView, userView } from './views.js';

export interface ViewContext {
  /** Root of the API. */
  root: string;
  workflowName: (run: GithubRun) => string;
  defaultBranch: (repository: string) => string;
}

/** `workflow-run` as the API and the webhook show it; of an earlier attempt when one is given. */
export const runView = (context: ViewContext, run: GithubRun, attempt: GithubAttempt = currentAttempt(run)): Record<string, unknown> => {
  const { root } = context;
  const api = `${root}/repos/${run.repository}`;
  const url = `${api}/actions/runs/${run.id}`;
  const workflowId = numberOf(`${run.repository}/${run.workflow}`);
  const actor = userView(root, run.actor);
  return {
    id: run.id,
    name: context.workflowName(run),
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: `.github/workflows/${run.workflow}`,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: workflowId,
    check_suite_id: run.id + 1,
    check_suite_node_id: nodeId('CheckSuite', run.id + 1),
    url,
    html_url: `${root}/${run.repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: toSecond(run.createdAt),
    updated_at: toSecond(attempt.updatedAt),
    actor,
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: toSecond(attempt.startedAt),
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id + 1}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${api}/actions/workflows/${workflowId}`,
    head_commit: commitView(run.sha, run.message, toSecond(run.createdAt), run.actor),
    repository: repositoryView(root, run.repository, context.defaultBranch(run.repository)),
    head_repository: repositoryView(root, run.headRepository, context.defaultBranch(run.repository)),
  };
};

const JOB_CONCLUSIONS: Record<string, string> = { startup_failure: 'failure', stale: 'cancelled' };

/** `job`: each run has one, named `build`. */
export const jobView = (context: ViewContext, run: GithubRun, attempt: GithubAttempt = currentAttempt(run)): Record<string, unknown> => {
  const api = `${context.root}/repos/${run.repository}`;
  const id = run.id * 100 + attempt.number;
  const conclusion = attempt.conclusion && (JOB_CONCLUSIONS[attempt.conclusion] ?? attempt.conclusion);
  const taken = attempt.hasBegun === true;
  return {
    id,
    run_id: run.id,
    workflow_name: context.workflowName(run),
    head_branch: run.branch,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: attempt.number,
    node_id: nodeId('Job', id),
    head_sha: run.sha,
    url: `${api}/actions/jobs/${id}`,
    html_url: `${context.root}/${run.repository}/actions/runs/${run.id}/job/${id}`,
    status: attempt.status,
    conclusion,
    created_at: toSecond(attempt.createdAt),
    started_at: toSecond(attempt.startedAt),
    completed_at: attempt.status === 'completed' ? toSecond(attempt.updatedAt) : null,
    name: 'build',
    steps: [],
    check_run_url: `${api}/check-runs/${id}`,
    labels: ['ubuntu-latest'],
    runner_id: taken ? 1 : null,
    runner_name: taken ? 'GitHub Actions 1' : null,
    runner_group_id: taken ? 2 : null,
    runner_group_name: taken ? 'GitHub Actions' : null,
  };
};
