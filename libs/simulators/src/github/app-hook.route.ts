import { jsonBody } from '../kit/exchange.js';
import type { Parameters, Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { ok, notFound, refused } from './answers.js';
import { bearerOf } from './app.js';
import { appView } from './app.route.js';
import { findDelivery, listDeliveries, repeatDelivery, showDelivery } from './deliveries.route.js';
import type { GithubService } from './service.js';
import { APP_OWNER, webhookView, type Webhook } from './webhooks.js';

/** An App's own webhook: one, without an id, asked about with the App's own signature. https://docs.github.com/en/rest/apps/webhooks */
export const appHookRoutes = (service: GithubService): Route[] => {
  const on = (handle: (webhook: Webhook, exchange: Exchange, parameters: Parameters) => Answer): Route['handle'] => (exchange, parameters) => {
    const fault = service.app ? service.app.faultOf(bearerOf(exchange), new Date()) : 'A JSON web token could not be decoded';
    if (fault) return refused(401, fault);
    const [webhook] = service.webhooks.list(APP_OWNER);
    return webhook ? handle(webhook, exchange, parameters) : notFound();
  };
  const config = (webhook: Webhook): Answer => ok(webhookView(service.root(), webhook)['config']);
  return [
    { on: 'GET /app', handle: on((webhook) => ok({ ...appView(service.root(), service.app!), events: webhook.events })) },
    { on: 'GET /app/hook/config', handle: on(config) },
    { on: 'PATCH /app/hook/config', handle: on((webhook, exchange) => config(change(service, webhook, jsonBody(exchange) ?? {}))) },
    { on: 'GET /app/hook/deliveries', handle: on((webhook, exchange) => listDeliveries(service, webhook, exchange)) },
    { on: 'GET /app/hook/deliveries/:id', handle: on((webhook, _exchange, { id }) => showDelivery(findDelivery(service, webhook, id))) },
    { on: 'POST /app/hook/deliveries/:id/attempts', handle: on((webhook, _exchange, { id }) => repeatDelivery(service, findDelivery(service, webhook, id))) },
  ];
};

const change = (service: GithubService, webhook: Webhook, { url, secret, content_type: type }: Record<string, unknown>): Webhook =>
  service.webhooks.put({
    ...webhook,
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof secret === 'string' ? { secret } : {}),
    ...(typeof type === 'string' ? { contentType: type } : {}),
  });
