import { appView } from './app.route.js';
import type { GithubService } from './service.js';
import { nodeId } from './views.js';

export const CHECK_STATUSES = ['queued', 'in_progress', 'completed'];
export const CHECK_CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'];

export interface CheckRun {
  id: number;
  repository: string;
  name: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  external_id: string | null;
  details_url: string | null;
  output: { title: string | null; summary: string | null };
  started_at: string;
  completed_at: string | null;
}

/** `check-run`. */
export const checkRunView = ({ root, app }: GithubService, { repository, output, ...run }: CheckRun): Record<string, unknown> => {
  const url = `${root()}/repos/${repository}/check-runs/${run.id}`;
  return {
    ...run,
    node_id: nodeId('CheckRun', run.id),
    url,
    html_url: `${root()}/${repository}/runs/${run.id}`,
    output: { ...output, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.id + 1 },
    app: app ? appView(root(), app) : null,
    pull_requests: [],
  };
};
