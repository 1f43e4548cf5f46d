import { nameOfCommand } from '@stellwerk/contracts';
import type { Subject } from '@stellwerk/connector-kit/conformance';
import { startArgoCdSimulator, startArgoWorkflowsSimulator, startN8nSimulator, startPrefectSimulator, startWebhookSimulator } from '@stellwerk/simulators';

const service = 'webhook-connector';
/** `token` is also what the rig's secret says. */
const auth = (token: { env: string } | { file: string }): object => ({ token });
const urlOf = (run: unknown): string => (run as { url: string }).url;
const secret = { env: 'PLATFORM_TOKEN' };

const flow = { deployment: 'etl/nightly', parameters: { day: 1 } };

export const prefect: Subject = {
  service, platform: 'prefect', auth, urlOf,
  start: (options) => startPrefectSimulator({ ...options, deployments: { 'etl/nightly': { parameters: { day: 'integer' } }, 'etl/hourly': {} } }),
  action: 'run-deployment',
  works: flow,
  worksWithoutCarrier: { deployment: 'etl/nightly' },
  refused: { with: { ...flow, parameters: { day: 'monday' } }, words: /is not of type 'integer'/ },
  missing: { deployment: 'etl/never' },
  outcomeKey: 'etl/nightly',
  failed: 'FAILED',
  triggerPath: '*/create_flow_run',
  repository: 'etl/nightly',
  outputs: ({ id }) => ({ run: id }),
};

const workflow = { namespace: 'argo', template: 'build', parameters: { sha: 'abc' } };

export const argoWorkflows: Subject = {
  service, platform: 'argo-workflows', auth, urlOf,
  start: (options) => startArgoWorkflowsSimulator({ ...options, namespaces: { argo: { templates: { build: { parameters: ['sha'] }, plain: {} }, cron: ['night'] } }, clusterTemplates: { shared: {} } }),
  action: 'submit',
  works: workflow,
  worksWithoutCarrier: { namespace: 'argo', 'cluster-template': 'shared' },
  refused: { with: { namespace: 'argo', template: 'build' }, words: /arguments\.sha/ },
  missing: { namespace: 'argo', template: 'nothing' },
  outcomeKey: 'argo/build',
  failed: 'Failed',
  triggerPath: '*/submit',
  repository: 'argo',
  outputs: ({ id }) => ({ workflow: id }),
};

const application = (n: number): string => `shop-${n}`;

export const argoCd: Subject = {
  service, platform: 'argo-cd', auth,
  start: (options) =>
    startArgoCdSimulator({ ...options, applications: { ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [application(n), {}])), frozen: { window: true } } }),
  action: 'sync',
  works: { application: 'shop-0', revision: 'main' },
  worksWithoutCarrier: { application: 'shop-0' },
  several: (n) => ({ application: application(n) }),
  refused: { with: { application: 'frozen' }, words: /blocked by sync window/ },
  missing: { application: 'nothing' },
  outcomeKey: 'shop-0',
  failed: 'Failed',
  // Two seconds of difference between clocks, and a time that Argo CD tells in whole seconds.
  restMs: 4_000,
  triggerPath: '*/sync',
  repository: 'argocd/shop-0',
  byId: true,
  urlOf: (run) => nameOfCommand((run as { operation: { info: { value: string }[] } }).operation.info[0]!.value),
};

export const n8n: Subject = {
  service, platform: 'n8n', auth, urlOf,
  settings: { auth: { token: secret, webhook: { token: secret, header: 'X-Hook-Key' } } },
  start: (options) =>
    startN8nSimulator({
      ...options,
      webhooks: {
        deploy: { workflow: 'wf1', respond: 'execution', auth: { header: 'x-hook-key', value: options.token } }, quiet: { workflow: 'wf3' },
        locked: { workflow: 'wf2', auth: { header: 'x-hook-key', value: 'another' } },
      },
    }),
  action: 'run-webhook',
  works: { path: 'deploy', body: { sha: 'abc' } },
  worksWithoutCarrier: { path: 'deploy' },
  refused: { with: { path: 'locked' }, words: /Authorization data is wrong/ },
  missing: { path: 'nothing' },
  outcomeKey: 'wf1',
  failed: 'error',
  triggerPath: '/webhook/*',
  repository: 'wf1',
};

export const webhook: Subject = {
  service, platform: 'webhook', auth, urlOf,
  settings: { webhook: { secrets: [secret] } },
  start: ({ token, ...options }) => startWebhookSimulator({ ...options, secret: token }),
  action: 'send',
  works: { path: '/hooks/deploy', body: { version: '1.0' } },
  worksWithoutCarrier: { path: '/hooks/deploy' },
  refused: { with: { path: '/strict' }, words: /data\.version is missing/ },
  missing: { path: '/nothing' },
  outcomeKey: '/hooks/deploy',
  triggerPath: '/hooks/*',
  repository: 'webhook',
};
