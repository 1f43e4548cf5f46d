import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import type { ArgoCdService } from './argo-cd.simulator.js';
import { NAMESPACE, applicationView } from './views.js';

const fault = (status: number, code: number, message: string): Answer => ({ status, body: { error: message, code, message } });

export const argoCdRoutes = (service: ArgoCdService): Route[] => [
  { on: 'GET /api/v1/account/can-i/:resource/:action/:object', handle: () => ({ status: 200, body: { value: 'yes' } }) },
  { on: 'GET /api/v1/applications/:name', handle: (exchange, { name }) => found(service, name!, exchange.query.get('appNamespace')) ?? shown(service, name!) },
  { on: 'POST /api/v1/applications/:name/sync', handle: (exchange, { name }) => sync(service, name!, exchange) },
  { on: 'DELETE /api/v1/applications/:name/operation', handle: (exchange, { name }) => terminate(service, name!, exchange) },
];

/** Argo CD does not tell what is not there from what one may not see. */
const found = ({ options }: ArgoCdService, name: string, namespace: string | null | undefined): Answer | undefined =>
  Object.hasOwn(options.applications, name) && (namespace ?? NAMESPACE) === NAMESPACE ? undefined : fault(403, 7, 'permission denied');

const shown = ({ options, applications }: ArgoCdService, name: string): Answer => ({ status: 200, body: applicationView(name, options.applications[name]!, applications.shown(name)) });

interface SyncOrder {
  revision?: string;
  prune?: boolean;
  dryRun?: boolean;
  appNamespace?: string;
  infos?: { name: string; value: string }[];
}

const sync = (service: ArgoCdService, name: string, exchange: Exchange): Answer => {
  const order = jsonBody(exchange) as SyncOrder | undefined;
  if (!order) return fault(400, 3, 'unexpected EOF');
  const refused = found(service, name, order.appNamespace);
  if (refused) return refused;
  if (service.options.applications[name]!.window) return fault(403, 7, 'cannot sync: blocked by sync window');
  const { infos, revision, prune, dryRun } = order;
  const ordered = service.applications.order(name, { sync: { revision, prune, dryRun }, initiatedBy: { username: 'stellwerk' }, ...(infos && { info: infos }) });
  if (!ordered) return fault(400, 9, 'error setting app operation: rpc error: code = FailedPrecondition desc = another operation is already in progress');
  return shown(service, name);
};

const terminate = (service: ArgoCdService, name: string, exchange: Exchange): Answer => {
  const refused = found(service, name, exchange.query.get('appNamespace'));
  if (refused) return refused;
  return service.applications.terminate(name) ? { status: 200, body: {} } : fault(400, 3, 'Unable to terminate operation. No operation is in progress');
};
