import { answerBy, isLoggedIn } from '../kit/api.js';
import { bearer, reportHook } from '../kit/run-reports.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { RunningSimulator, SimulatorOptions } from '../kit/types.js';
import { Applications } from './applications.js';
import { argoCdRoutes } from './routes.js';
import { applicationView, reportOf } from './views.js';

export interface ArgoCdSimulatorOptions extends SimulatorOptions {
  /** Token of an account. */
  token: string;
  /** By name; all lie in the namespace `argocd`. `window`: a sync window is closed, so that every sync is refused. */
  applications: Record<string, { project?: string; window?: boolean }>;
  /** Fixed header of the notifications' webhook. */
  hookToken?: string;
}

export interface ArgoCdService {
  options: ArgoCdSimulatorOptions;
  applications: Applications;
}

/** Argo CD's server: one operation at a time for each application, shown until the next is ordered. Notifications tell of ends. */
export const startArgoCdSimulator = (options: ArgoCdSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({ name: 'argo-cd', options, hookUrl: options.hookUrl, sign: () => bearer(options.hookToken), build: (workshop) => behaviour(workshop, options) });

const behaviour = (workshop: Workshop, options: ArgoCdSimulatorOptions): PlatformBehaviour => {
  const applications = new Applications(workshop, (operation) => {
    if (operation.phase !== 'Running') workshop.hooks.send(reportHook(reportOf(operation, workshop.url())));
  });
  const service: ArgoCdService = { options, applications };
  const routes = argoCdRoutes(service);
  const refusal = { status: 401, body: { code: 16, error: 'invalid session', message: 'invalid session: token signature is invalid' } };
  return {
    handle: (exchange) => answerBy(routes, exchange, { refusal: (one) => (isLoggedIn(one, options.token) ? undefined : refusal), notFound: { status: 404, body: { code: 5, message: 'Not Found' } } }),
    runs: () => applications.operations().map((operation) => ({ ...operation, url: `${workshop.url()}/applications/argocd/${operation.application}#${operation.number}` })),
    push: (order) => {
      const name = (order['application'] as string | undefined) ?? Object.keys(options.applications)[0]!;
      applications.order(name, { sync: {}, initiatedBy: { automated: true } });
      return applicationView(name, options.applications[name]!, applications.shown(name));
    },
    resume: () => applications.resume(),
  };
};
