import type { ConnectionCalls } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { expectStatus } from '../github.client.js';
import { hookPath, hooksPath, type Place } from './place.js';

/** The fields read of a webhook. */
export interface HookAnswer {
  id: string;
  active?: boolean;
  events?: string[];
  config?: { url?: string; content_type?: string; secret?: string; insecure_ssl?: string | number };
  last_response?: { code?: number | null; status?: string | null; message?: string | null };
}

/** The change of a webhook that GitHub is asked for. */
export interface HookWish {
  active: boolean;
  events: string[];
  config: { url: string; content_type: string; insecure_ssl: string; secret: string };
}

/** How a place is spoken to. */
export interface At {
  calls: ConnectionCalls;
  place: Place;
  headers: Record<string, string>;
}

const PAGE = 100;
/** GitHub lets a repository have twenty webhooks of an event; with fewer than thousand in all none is missed. */
const PAGES = 10;

/** Ids of GitHub are 64 bits long, and numbers of JavaScript are not: they stay texts. */
export const readWithIds = <T>({ text }: HttpResponse): T =>
  JSON.parse(text, ((key: string, value: unknown, { source }: { source?: string }) => (key === 'id' && typeof value === 'number' ? (source ?? String(value)) : value)) as never) as T;

/** All webhooks of a place that the credentials may see. @throws Refused 403, 404: they may not, or there is no such place */
export const readHooks = async ({ calls, place, headers }: At): Promise<HookAnswer[]> => {
  if (place.kind === 'app') return [await readAppHook({ calls, place, headers })];
  const hooks: HookAnswer[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const response = expectStatus(await calls.read(`${hooksPath(place)}?per_page=${PAGE}&page=${page}`, headers), 200);
    const found = readWithIds<HookAnswer[]>(response);
    hooks.push(...found);
    if (found.length < PAGE) break;
  }
  return hooks;
};

/** An App's webhook has no id, and no list of its own; its events belong to the App. */
const readAppHook = async ({ calls, headers }: At): Promise<HookAnswer> => {
  const config = expectStatus(await calls.read('/app/hook/config', headers), 200).json<HookAnswer['config']>();
  const app = expectStatus(await calls.read('/app', headers), 200).json<{ events?: string[] }>();
  return { id: 'app', active: true, events: app.events, config };
};

/** Has GitHub send a ping by the webhook. @returns false where it cannot be asked for @throws call errors */
export const pingHook = async ({ calls, place, headers }: At, id: string): Promise<boolean> => {
  if (place.kind === 'app') return false;
  const { status } = await calls.maintain({ method: 'POST', path: `${hookPath(place, id)}/pings`, headers });
  return status === 204;
};

/** Creates a webhook, or changes the one of that id. One that was made meanwhile stays as it was made. @throws Refused, call errors */
export const writeHook = async ({ calls, place, headers }: At, id: string | undefined, wish: HookWish): Promise<void> => {
  if (place.kind === 'app') {
    expectStatus(await calls.maintain({ method: 'PATCH', path: '/app/hook/config', headers, json: wish.config }), 200);
    return;
  }
  const response = id === undefined
    ? await calls.maintain({ method: 'POST', path: hooksPath(place), headers, json: { name: 'web', ...wish } })
    : await calls.maintain({ method: 'PATCH', path: hookPath(place, id), headers, json: wish });
  if (response.status === 422 && /already exists/i.test(response.text)) return;
  expectStatus(response, 200, 201);
};
