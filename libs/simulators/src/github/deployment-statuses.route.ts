import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import { Shelf } from '../kit/shelf.js';
import { toSecond } from '../kit/time.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, unprocessable } from './answers.js';
import { deploymentView, type Deployment } from './deployment-view.js';
import type { GithubService } from './service.js';
import { nodeId, userView } from './views.js';

const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];
const MAX_DESCRIPTION = 140;
const FIRST_ID = 70_000_000;

interface DeploymentStatus {
  id: number;
  deployment: number;
  state: string;
  log_url: string;
  environment_url: string;
  description: string;
  created_at: string;
}

type FindDeployment = (parameters: Record<string, string>) => Deployment | undefined;

/** What became of a deployment, the newest last said. */
export const deploymentStatusRoutes = (service: GithubService, find: FindDeployment): Route[] => {
  const shelf = new Shelf(service.store.table<DeploymentStatus>('deployment-statuses'), { keyOf: ({ id }) => id, groupOf: ({ deployment }) => String(deployment), hasEnded: () => true });
  const on = (verb: string, handle: (deployment: Deployment, exchange: Exchange) => Answer): Route => ({
    on: `${verb} /repos/:owner/:repo/deployments/:id/statuses`,
    handle: (exchange, parameters) => {
      const deployment = find(parameters);
      return deployment ? handle(deployment, exchange) : notFound();
    },
  });
  return [
    on('POST', (deployment, exchange) => set(service, shelf, deployment, exchange)),
    on('GET', (deployment, exchange) => {
      const { items, headers } = page([...shelf.newest(String(deployment.id))], exchange.query, `${service.root()}${exchange.path}`);
      return ok(items.map((status) => view(service, deployment, status)), headers);
    }),
  ];
};

const set = (service: GithubService, shelf: Shelf<DeploymentStatus>, deployment: Deployment, exchange: Exchange): Answer => {
  const order = jsonBody(exchange) as Partial<DeploymentStatus> & { target_url?: string } | undefined;
  if (!order || !STATES.includes(order.state ?? '')) return unprocessable('Validation Failed: state is not included in the list');
  if ((order.description ?? '').length > MAX_DESCRIPTION) return unprocessable('Validation Failed: description is too long (maximum is 140 characters)');
  const status = shelf.put({
    id: service.store.next('deployment-status', FIRST_ID), deployment: deployment.id, state: order.state!, log_url: order.log_url ?? order.target_url ?? '',
    environment_url: order.environment_url ?? '', description: order.description ?? '', created_at: new Date().toISOString(),
  });
  const shown = view(service, deployment, status);
  service.sendEvent('deployment_status', deployment.repository, { action: 'created', deployment_status: shown, deployment: deploymentView(service, deployment) });
  return { status: 201, body: shown };
};

const view = (service: GithubService, { repository, environment }: Deployment, { deployment, ...status }: DeploymentStatus): Record<string, unknown> => {
  const api = `${service.root()}/repos/${repository}`;
  const url = `${api}/deployments/${deployment}`;
  return {
    ...status,
    environment,
    url: `${url}/statuses/${status.id}`,
    node_id: nodeId('DeploymentStatus', status.id),
    creator: userView(service.root(), service.login),
    created_at: toSecond(status.created_at),
    updated_at: toSecond(status.created_at),
    target_url: status.log_url,
    deployment_url: url,
    repository_url: api,
    performed_via_github_app: null,
  };
};
