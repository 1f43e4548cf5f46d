import type { NewHook } from '../kit/hooks.js';
import { numberOf } from '../kit/numbers.js';
import { type GithubRun } from './github-run.js';
import { jobView, runView, type ViewContext } from './run-view.js';
import type { RunAction } from './runs.js';
import { APP_OWNER, type Webhook } from './webhooks.js';
import { nodeId, repositoryView, userView } from './views.js';

/** Headers of every delivery of a webhook but the signature. */
export const hookHeaders = (event: string, delivery: string, webhook: Webhook): Record<string, string> => ({
  accept: '*/*',
  'user-agent': 'GitHub-Hookshot/5177a1f',
  'x-github-event': event,
  'x-github-delivery': delivery,
  'x-github-hook-id': String(webhook.id),
  'x-github-hook-installation-target-id': String(numberOf(webhook.owner)),
  'x-github-hook-installation-target-type': webhook.owner === APP_OWNER ? 'integration' : webhook.owner.includes('/') ? 'repository' : 'organization',
});

/** The two hooks GitHub sends when a run moves: `workflow_run`, and `workflow_job` for its one job. */
export const runHooks = (context: ViewContext, run: GithubRun, action: RunAction): NewHook[] => {
  const common = commonFields(context, run);
  const jobAction = action === 'requested' ? 'queued' : action;
  return [
    {
      event: 'workflow_run',
      about: `${run.id} ${action}`,
      body: { action, workflow_run: runView(context, run), workflow: workflowView(context, run), ...common },
    },
    { event: 'workflow_job', about: `${run.id} ${jobAction}`, body: { action: jobAction, workflow_job: jobView(context, run), ...common } },
  ];
};

/** `push`: what comes before the CI run of a commit. */
export const pushHook = (context: ViewContext, run: GithubRun): NewHook => {
  const commit = {
    id: run.sha,
    tree_id: [...run.sha].reverse().join(''),
    distinct: true,
    message: run.message,
    timestamp: run.createdAt,
    url: `${context.root}/${run.repository}/commit/${run.sha}`,
    author: { name: run.actor, email: `${run.actor}@users.noreply.github.com`, username: run.actor },
    committer: { name: run.actor, email: `${run.actor}@users.noreply.github.com`, username: run.actor },
    added: [],
    removed: [],
    modified: ['README.md'],
  };
  const body = {
    ref: `refs/heads/${run.branch}`,
    before: '0'.repeat(39) + '1',
    after: run.sha,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `${context.root}/${run.repository}/compare/main...${run.sha}`,
    commits: [commit],
    head_commit: commit,
    pusher: { name: run.actor, email: null },
    ...commonFields(context, run),
  };
  return { event: 'push', about: `${run.sha} push`, body };
};

const commonFields = (context: ViewContext, run: GithubRun): Record<string, unknown> => ({
  repository: repositoryView(context.root, run.repository, context.defaultBranch(run.repository)),
  sender: userView(context.root, run.actor),
});

const workflowView = (context: ViewContext, run: GithubRun): Record<string, unknown> => {
  const view = runView(context, run);
  const path = view['path'] as string;
  return {
    id: view['workflow_id'],
    node_id: nodeId('Workflow', view['workflow_id'] as number),
    name: context.workflowName(run),
    path,
    state: 'active',
    created_at: '2025-01-01T00:00:00.000Z',
    updated_at: '2025-01-01T00:00:00.000Z',
    url: view['workflow_url'],
    html_url: `${context.root}/${run.repository}/blob/main/${path}`,
    badge_url: `${context.root}/${run.repository}/workflows/${encodeURIComponent(context.workflowName(run))}/badge.svg`,
  };
};
