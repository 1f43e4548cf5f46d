import { answerBy, isLoggedIn } from '../kit/api.js';
import { bearer, reportHook } from '../kit/run-reports.js';
import { SmallRuns } from '../kit/small-runs.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { argoWorkflowsRoutes, submitted } from './routes.js';
import { reportOf, workflowView } from './views.js';

/** A template; parameters that it does not declare are refused, as are those that it needs and does not get. */
export interface ArgoTemplate {
  parameters?: string[];
}

export interface ArgoWorkflowsSimulatorOptions extends SimulatorOptions {
  /** Bearer token of a service account. */
  token: string;
  /** By namespace: its WorkflowTemplates and CronWorkflows. */
  namespaces: Record<string, { templates?: Record<string, ArgoTemplate>; cron?: string[] }>;
  clusterTemplates?: Record<string, ArgoTemplate>;
  /** Fixed header of the exit handler's `http` template. */
  hookToken?: string;
}

export interface ArgoWorkflowsService {
  options: ArgoWorkflowsSimulatorOptions;
  runs: SmallRuns;
}

/** Argo's server: submit, read, list, stop; a workflow's name is taken once in its namespace. Exit handlers tell of ends. */
export const startArgoWorkflowsSimulator = (options: ArgoWorkflowsSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({ name: 'argo-workflows', options, hookUrl: options.hookUrl, sign: () => bearer(options.hookToken), build: (workshop) => behaviour(workshop, options) });

const behaviour = (workshop: Workshop, options: ArgoWorkflowsSimulatorOptions): PlatformBehaviour => {
  const runs = new SmallRuns(workshop, (run) => {
    if (run.state === 'ended') workshop.hooks.send(reportHook(reportOf(run, workshop.url())));
  });
  const service: ArgoWorkflowsService = { options, runs };
  const routes = argoWorkflowsRoutes(service);
  const refusal = { status: 401, body: { code: 16, message: 'token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/' } };
  return {
    handle: (exchange) => answerBy(routes, exchange, { refusal: (one) => (isLoggedIn(one, options.token) ? undefined : refusal), notFound: { status: 404, body: { code: 5, message: 'Not Found' } } }),
    runs: () => runs.list().map((run) => ({ ...workflowView(run), url: `${workshop.url()}/workflows/${run.id}` })),
    push: (order) => workflowView(submitted(service, order)),
    resume: () => runs.resume(),
  };
};
