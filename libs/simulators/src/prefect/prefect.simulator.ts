import { createHash } from 'node:crypto';
import { answerBy, isLoggedIn } from '../kit/api.js';
import { bearer, reportHook } from '../kit/run-reports.js';
import { SmallRuns } from '../kit/small-runs.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { prefectRoutes, startFlowRun } from './routes.js';
import { flowRunView, reportOf } from './views.js';

/** A deployment, by its name `flow/deployment`. */
export interface PrefectDeployment {
  /** Types of the flow's parameters; those of other types are refused (409), as Prefect does by default. */
  parameters?: Record<string, 'string' | 'integer' | 'boolean'>;
}

export interface PrefectSimulatorOptions extends SimulatorOptions {
  /** API key, or the password where there is a user. */
  token: string;
  /** A self-hosted server with `PREFECT_SERVER_API_AUTH_STRING`. */
  user?: string;
  deployments: Record<string, PrefectDeployment>;
  /** Fixed header of the automation's webhook. */
  hookToken?: string;
}

/** What the routes work with. */
export interface PrefectService {
  options: PrefectSimulatorOptions;
  runs: SmallRuns;
  workshop: Workshop;
}

/** An id that a name always has. */
export const uuidOf = (name: string): string => createHash('md5').update(name).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

/** Prefect 3: deployments, flow runs and automations that call a webhook. The API lies below `/api`, as on a server. */
export const startPrefectSimulator = async (options: PrefectSimulatorOptions): Promise<RunningSimulator> => {
  const running = await runSimulator({ name: 'prefect', options, hookUrl: options.hookUrl, sign: () => bearer(options.hookToken), build: (workshop) => behaviour(workshop, options) });
  return { ...running, url: `${running.url}/api` };
};

const behaviour = (workshop: Workshop, options: PrefectSimulatorOptions): PlatformBehaviour => {
  const runs = new SmallRuns(workshop, (run) => void workshop.hooks.send(reportHook(reportOf(run, workshop.url()))));
  const service: PrefectService = { options, runs, workshop };
  const routes = prefectRoutes(service);
  const refusal = { status: 401, body: { exception_message: 'Unauthorized' } };
  return {
    handle: (exchange) => answerBy(routes, exchange, { refusal: (one) => (isLoggedIn(one, options.token, options.user) ? undefined : refusal), notFound: { status: 404, body: { detail: 'Not Found' } } }),
    runs: () => runs.list().map((run) => ({ ...flowRunView(run), url: `${workshop.url()}/runs/flow-run/${run.id}` })),
    push: (order) => flowRunView(startFlowRun(service, (order['deployment'] as string | undefined) ?? Object.keys(options.deployments)[0]!, {})),
    resume: () => runs.resume(),
  };
};
