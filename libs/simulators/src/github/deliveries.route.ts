import type { HookRecord } from '../kit/hooks.js';
import type { Route } from '../kit/routes.js';
import { toSecond } from '../kit/time.js';
import { notFound, ok, page } from './answers.js';
import { numberOf } from '../kit/numbers.js';
import type { GithubService } from './service.js';

const HOOK = '/repos/:owner/:repo/hooks/:hook';

/** The log of webhook deliveries, and sending one again: how a receiver gets back what it missed. */
export const deliveryRoutes = (service: GithubService): Route[] => [
  {
    on: 'GET /repos/:owner/:repo/hooks',
    handle: () =>
      ok([
        {
          type: 'Repository',
          id: 4711,
          name: 'web',
          active: true,
          events: ['*'],
          config: { content_type: 'json', insecure_ssl: '0', url: '********' },
        },
      ]),
  },
  {
    on: `GET ${HOOK}/deliveries`,
    handle: (exchange, parameters) => {
      const wanted = exchange.query.get('status');
      const all = deliveries(service, parameters).filter((hook) => wanted === null || (wanted === 'failure') === (hook.state !== 'delivered'));
      const { items, headers } = page(all, exchange.query, `${service.root()}${exchange.path}`);
      return ok(items.map(itemView), headers);
    },
  },
  {
    on: `GET ${HOOK}/deliveries/:id`,
    handle: (_exchange, parameters) => {
      const hook = find(service, parameters);
      if (!hook) return notFound();
      return ok({
        ...itemView(hook),
        url: null,
        request: { headers: hook.headers, payload: JSON.parse(hook.body) },
        response: { headers: {}, payload: hook.answer ?? null },
      });
    },
  },
  {
    on: `POST ${HOOK}/deliveries/:id/attempts`,
    handle: (_exchange, parameters) => {
      const hook = find(service, parameters);
      if (!hook) return notFound();
      service.hooks.redeliver(hook.id);
      return { status: 202, body: {} };
    },
  },
];

const deliveries = (service: GithubService, { owner, repo }: Record<string, string>): HookRecord[] => {
  const id = String(numberOf(`${owner}/${repo}`));
  return service.hooks
    .list()
    .filter((hook) => hook.state !== 'pending' && hook.headers['x-github-hook-installation-target-id'] === id)
    .reverse();
};

const find = (service: GithubService, parameters: Record<string, string>): HookRecord | undefined =>
  deliveries(service, parameters).find((hook) => String(hook.id) === parameters['id']);

const itemView = (hook: HookRecord): Record<string, unknown> => ({
  id: hook.id,
  guid: hook.delivery,
  delivered_at: toSecond(hook.deliveredAt ?? hook.createdAt),
  redelivery: hook.redelivery,
  duration: hook.seconds ?? 0,
  status: hook.state === 'delivered' ? 'OK' : (hook.answer ?? 'failed to connect'),
  status_code: hook.status ?? 502,
  event: hook.event,
  action: (JSON.parse(hook.body) as { action?: string }).action ?? null,
  installation_id: null,
  repository_id: Number(hook.headers['x-github-hook-installation-target-id']),
  throttled_at: null,
});
