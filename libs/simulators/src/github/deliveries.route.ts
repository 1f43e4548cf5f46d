import type { HookRecord } from '../kit/hooks.js';
import type { Route } from '../kit/routes.js';
import { toSecond } from '../kit/time.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, refused } from './answers.js';
import type { GithubService } from './service.js';
import { onWebhook, OWNERS } from './webhook-owner.js';
import { isOf, type Webhook } from './webhooks.js';

const PAGE = 30;
const LARGEST_PAGE = 100;

/** The log of webhook deliveries, and sending one again: how a receiver gets back what it missed. */
export const deliveryRoutes = (service: GithubService): Route[] =>
  OWNERS.flatMap((owner): Route[] => [
    { on: `GET ${owner}/hooks/:hook/deliveries`, handle: onWebhook(service, (webhook, exchange) => listDeliveries(service, webhook, exchange)) },
    { on: `GET ${owner}/hooks/:hook/deliveries/:id`, handle: onWebhook(service, (webhook, _exchange, { id }) => showDelivery(findDelivery(service, webhook, id))) },
    { on: `POST ${owner}/hooks/:hook/deliveries/:id/attempts`, handle: onWebhook(service, (webhook, _exchange, { id }) => repeatDelivery(service, findDelivery(service, webhook, id))) },
  ]);

export const repeatDelivery = (service: GithubService, hook: HookRecord | undefined): Answer => {
  if (!hook) return notFound();
  service.hooks.redeliver(hook.id);
  return { status: 202, body: {} };
};

/** Of one webhook, newest first; those that have left or were lost. */
export function* deliveriesOf(service: GithubService, webhook: Webhook): Generator<HookRecord, undefined> {
  const all = service.hooks.list();
  for (let at = all.length - 1; at >= 0; at -= 1) if (all[at]!.state !== 'pending' && isOf(webhook, all[at]!.headers)) yield all[at]!;
}

/** As GitHub filters: by the range of the status code. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = { success: [200, 399], failure: [400, 599] };

/** One page by cursor: the `Link` header leads to the next; there are no page numbers. */
export const listDeliveries = (service: GithubService, webhook: Webhook, exchange: Exchange): Answer => {
  const { query } = exchange;
  const size = Math.min(LARGEST_PAGE, Math.max(1, Number(query.get('per_page') ?? PAGE) || PAGE));
  const cursor = query.get('cursor');
  if (cursor !== null && !/^v1_\d+$/.test(cursor)) return refused(400, 'Bad Request: the cursor is none of ours');
  const from = cursor === null ? Infinity : Number(cursor.slice('v1_'.length));
  const [least, most] = RANGES[query.get('status') ?? ''] ?? [-Infinity, Infinity];
  const found: HookRecord[] = [];
  for (const hook of deliveriesOf(service, webhook)) {
    if (hook.id <= from && codeOf(hook) >= least && codeOf(hook) <= most) found.push(hook);
    if (found.length > size) break;
  }
  const next = found[size];
  const url = next && `${service.root()}${exchange.path}?${new URLSearchParams({ ...Object.fromEntries(query), cursor: `v1_${next.id}` })}`;
  return ok(found.slice(0, size).map(itemView), url ? { link: `<${url}>; rel="next"` } : {});
};

export const findDelivery = (service: GithubService, webhook: Webhook, id: string | undefined): HookRecord | undefined => {
  const hook = service.hooks.find(Number(id));
  return hook && hook.state !== 'pending' && isOf(webhook, hook.headers) ? hook : undefined;
};

export const showDelivery = (hook: HookRecord | undefined): Answer =>
  hook
    ? ok({
      ...itemView(hook),
      url: null,
      request: { headers: hook.headers, payload: JSON.parse(hook.body) },
      response: { headers: {}, payload: hook.answer ?? null },
    })
    : notFound();

const codeOf = (hook: HookRecord): number => hook.status ?? 502;

export const statusText = (hook: HookRecord): string => {
  if (hook.state === 'delivered') return 'OK';
  return hook.status === undefined ? 'failed to connect to host' : `Invalid HTTP Response: ${hook.status}`;
};

const itemView = (hook: HookRecord): Record<string, unknown> => ({
  id: hook.id,
  guid: hook.delivery,
  delivered_at: toSecond(hook.deliveredAt ?? hook.createdAt),
  redelivery: hook.redelivery,
  duration: hook.seconds ?? 0,
  status: statusText(hook),
  status_code: codeOf(hook),
  event: hook.event,
  action: (JSON.parse(hook.body) as { action?: string }).action ?? null,
  installation_id: null,
  repository_id: (JSON.parse(hook.body) as { repository?: { id: number } }).repository?.id ?? null,
  throttled_at: null,
});
