import { Refused, describe } from '@stellwerk/connector-kit';
import { expectStatus } from '../github.client.js';
import { readWithIds, type At } from '../hooks/hooks.client.js';
import { hookPath } from '../hooks/place.js';

/** One attempt of GitHub to hand a webhook over. */
export interface Delivery {
  id: string;
  /** `X-GitHub-Delivery`: the same for all attempts. */
  guid: string;
  deliveredAt: Date;
  redelivery: boolean;
  /** What we answered; of no answer GitHub makes a 5xx, or none. */
  code: number;
  status: string;
  event: string;
  action?: string;
  /** Of the repository that it tells of. */
  repositoryId?: string;
}

interface DeliveryAnswer {
  id: string;
  guid: string;
  delivered_at: string;
  redelivery?: boolean;
  status?: string;
  status_code?: number | null;
  event?: string;
  action?: string | null;
  repository_id?: number | null;
}

const deliveryOf = (answer: DeliveryAnswer): Delivery => ({
  id: answer.id, guid: answer.guid, deliveredAt: new Date(answer.delivered_at), redelivery: answer.redelivery ?? false,
  code: answer.status_code ?? 0, status: answer.status ?? '', event: answer.event ?? '', action: answer.action ?? undefined,
  repositoryId: answer.repository_id === null || answer.repository_id === undefined ? undefined : String(answer.repository_id),
});

const PAGE = 100;

/**
 * One page of the log of a webhook, newest first. Not filtered: `status=failure` leaves out what got no status at all, and `success` takes
 * redirects for one (https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook).
 * @param cursor of the page, from the page before @throws Refused
 */
export const readDeliveries = async ({ calls, place, headers }: At, hook: string, cursor?: string): Promise<{ deliveries: Delivery[]; next?: string }> => {
  const query = new URLSearchParams({ per_page: String(PAGE), ...(cursor === undefined ? {} : { cursor }) });
  const response = expectStatus(await calls.read(`${hookPath(place, hook)}/deliveries?${query.toString()}`, headers), 200);
  return { deliveries: readWithIds<DeliveryAnswer[]>(response).map(deliveryOf), next: cursorIn(response.headers.link) };
};

/** `<…?cursor=v1_123>; rel="next"`. */
const cursorIn = (link: string | undefined): string | undefined => {
  const next = link?.split(',').map((part) => /<([^>]+)>[^,]*rel="next"/.exec(part)?.[1]).find((url) => url !== undefined);
  return URL.parse(next ?? '')?.searchParams.get('cursor') ?? undefined;
};

/** Has GitHub send a delivery again, under its own delivery id. @throws Refused, call errors */
export const askAgain = async ({ calls, place, headers }: At, hook: string, delivery: string): Promise<void> => {
  const response = await calls.maintain({ method: 'POST', path: `${hookPath(place, hook)}/deliveries/${encodeURIComponent(delivery)}/attempts`, headers });
  if (response.status !== 202) throw new Refused(response.status, `GitHub does not send it again: ${describe(response)}`);
};

/** `owner/name` of the repository that a delivery tells of, as its webhook spells it; undefined when it tells of none. @throws Refused, call errors */
export const readRepositoryOf = async ({ calls, place, headers }: At, hook: string, delivery: string): Promise<string | undefined> => {
  const response = expectStatus(await calls.read(`${hookPath(place, hook)}/deliveries/${encodeURIComponent(delivery)}`, headers), 200);
  return response.json<{ request?: { payload?: { repository?: { full_name?: string } } | null } }>().request?.payload?.repository?.full_name;
};
