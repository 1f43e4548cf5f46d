import { answerBy, isLoggedIn } from '../kit/api.js';
import { bearer, reportHook } from '../kit/run-reports.js';
import { SmallRuns } from '../kit/small-runs.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { RunningSimulator } from '../kit/types.js';
import { prefectRoutes, startFlowRun } from './routes.js';
import type { PrefectService, PrefectSimulatorOptions } from './service.js';
import { flowRunView, reportOf } from './views.js';

export type { PrefectDeployment, PrefectSimulatorOptions } from './service.js';

/** Prefect 3: deployments, flow runs and automations that call a webhook. The API lies below `/api`, as on a server. */
export const startPrefectSimulator = async (options: PrefectSimulatorOptions): Promise<RunningSimulator> => {
  const running = await runSimulator({ name: 'prefect', options, hookUrl: options.hookUrl, sign: () => bearer(options.hookToken), build: (workshop) => behaviour(workshop, options) });
  return { ...running, url: `${running.url}/api` };
};

const behaviour = (workshop: Workshop, options: PrefectSimulatorOptions): PlatformBehaviour => {
  const runs = new SmallRuns(workshop, (run) => void workshop.hooks.send(reportHook(reportOf(run, workshop.url()))));
  const service: PrefectService = { options, runs };
  const routes = prefectRoutes(service);
  const refusal = { status: 401, body: { exception_message: 'Unauthorized' } };
  return {
    handle: (exchange) => answerBy(routes, exchange, { refusal: (one) => (isLoggedIn(one, options.token, options.user) ? undefined : refusal), notFound: { status: 404, body: { detail: 'Not Found' } } }),
    runs: () => runs.list().map((run) => ({ ...flowRunView(run), url: `${workshop.url()}/runs/flow-run/${run.id}` })),
    push: (order) => flowRunView(startFlowRun(service, (order['deployment'] as string | undefined) ?? Object.keys(options.deployments)[0]!, {})),
    resume: () => runs.resume(),
  };
};
