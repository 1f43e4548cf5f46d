import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, unprocessable } from './answers.js';
import { deliveriesOf, statusText } from './deliveries.route.js';
import type { GithubService } from './service.js';
import { onWebhook, OWNERS, ownerIn } from './webhook-owner.js';
import { webhookView, type Webhook } from './webhooks.js';

/** Webhooks themselves. https://docs.github.com/en/rest/repos/webhooks */
export const webhookRoutes = (service: GithubService): Route[] => {
  const view = (webhook: Webhook) => webhookView(service.root(), webhook, lastResponse(service, webhook));
  const one = (handle: Parameters<typeof onWebhook>[1]): Route['handle'] => onWebhook(service, handle);
  return OWNERS.flatMap((owner): Route[] => [
    { on: `GET ${owner}/hooks`, handle: (exchange, parameters) => list(service, exchange, ownerIn(service, parameters), view) },
    { on: `POST ${owner}/hooks`, handle: (exchange, parameters) => create(service, exchange, ownerIn(service, parameters), view) },
    { on: `GET ${owner}/hooks/:hook`, handle: one((webhook) => ok(view(webhook))) },
    { on: `PATCH ${owner}/hooks/:hook`, handle: one((webhook, exchange) => ok(view(change(service, webhook, jsonBody(exchange) ?? {})))) },
    { on: `DELETE ${owner}/hooks/:hook`, handle: one((webhook) => (service.webhooks.delete(webhook), { status: 204 })) },
    { on: `POST ${owner}/hooks/:hook/pings`, handle: one((webhook) => (service.ping(webhook), { status: 204 })) },
  ]);
};

type View = (webhook: Webhook) => Record<string, unknown>;

const list = (service: GithubService, exchange: Exchange, owner: string | undefined, view: View): Answer => {
  if (owner === undefined) return notFound();
  const { items, headers } = page(service.webhooks.list(owner), exchange.query, `${service.root()}${exchange.path}`);
  return ok(items.map(view), headers);
};

interface Settings {
  active?: boolean;
  events?: string[];
  add_events?: string[];
  config?: { url?: string; content_type?: string; secret?: string; insecure_ssl?: string | number };
}

const create = (service: GithubService, exchange: Exchange, owner: string | undefined, view: View): Answer => {
  if (owner === undefined) return notFound();
  const { active, events, config } = (jsonBody(exchange) ?? {}) as Settings;
  if (!config?.url) return unprocessable('Validation Failed: config.url is missing');
  const kind = owner.includes('/') ? 'repository' : 'organization';
  if (service.webhooks.list(owner).some(({ url }) => url === config.url)) return unprocessable(`Validation Failed: Hook already exists on this ${kind}`);
  const webhook = service.webhooks.create(owner, { active: active ?? true, events: events ?? ['push'], ...configOf(config) });
  service.ping(webhook);
  return { status: 201, body: view(webhook) };
};

/** A config that is given stands for all of it: without a secret, there is none any more. */
const configOf = ({ url, content_type: contentType, secret, insecure_ssl: insecure }: NonNullable<Settings['config']>): Partial<Webhook> => ({
  ...(url === undefined ? {} : { url }),
  contentType: contentType ?? 'form',
  insecureSsl: String(insecure ?? '0'),
  secret,
});

const change = (service: GithubService, webhook: Webhook, body: Record<string, unknown>): Webhook => {
  const { active, events, add_events: added = [], config } = body as Settings;
  return service.webhooks.put({
    ...webhook,
    active: active ?? webhook.active,
    events: [...new Set([...(events ?? webhook.events), ...added])],
    ...(config ? configOf(config) : {}),
    updatedAt: new Date().toISOString(),
  });
};

const lastResponse = (service: GithubService, webhook: Webhook): { code: number | null; status: string; message: string | null } | undefined => {
  const last = deliveriesOf(service, webhook).next().value;
  return last && { code: last.status ?? 502, status: last.state === 'delivered' ? 'active' : 'failed', message: statusText(last) };
};
