import { toSecond } from '../kit/time.js';
import type { GithubService } from './service.js';
import { nodeId, userView } from './views.js';

export interface Deployment {
  id: number;
  repository: string;
  ref: string;
  sha: string;
  task: string;
  environment: string;
  payload: Record<string, unknown> | string;
  description: string | null;
  transient_environment: boolean;
  production_environment: boolean;
  created_at: string;
}

/** `deployment` as the API and the webhook show it. */
export const deploymentView = (service: GithubService, { repository, ...deployment }: Deployment): Record<string, unknown> => {
  const api = `${service.root()}/repos/${repository}`;
  const url = `${api}/deployments/${deployment.id}`;
  return {
    ...deployment,
    url,
    node_id: nodeId('Deployment', deployment.id),
    original_environment: deployment.environment,
    creator: userView(service.root(), service.login),
    created_at: toSecond(deployment.created_at),
    updated_at: toSecond(deployment.created_at),
    statuses_url: `${url}/statuses`,
    repository_url: api,
    performed_via_github_app: null,
  };
};
