import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { expectStatus, projectPath } from '../gitlab.client.js';

/** The fields read of a webhook, beside its switches. https://docs.gitlab.com/api/project_webhooks/ */
export interface HookAnswer {
  id: number;
  url?: string;
  enable_ssl_verification?: boolean;
  /** `executable`, `temporarily_disabled` until then, or `disabled` for good. */
  alert_status?: string;
  disabled_until?: string | null;
  /** Older servers do not say. */
  token_present?: boolean;
  /** GitLab 19.0 and later. */
  signing_token_present?: boolean;
  [name: string]: unknown;
}

/** What a webhook is to be; what is left out stays as it is. */
export interface HookWish {
  url: string;
  signing_token?: string;
  token?: string;
  [name: string]: string | boolean | undefined;
}

const PAGE = 100;
const PAGES = 10;
const GROUP = 'organization:';

/** Of a project, or of a group (`organization:<path>`). */
const hooksPath = (place: string): string =>
  place.startsWith(GROUP) ? `/api/v4/groups/${encodeURIComponent(place.slice(GROUP.length))}/hooks` : `${projectPath(place)}/hooks`;

/** All webhooks of a place. @throws Refused 401, 403, 404: the credentials may not see them, or there is no such place */
export const readHooks = async (calls: ConnectionCalls, place: string): Promise<HookAnswer[]> => {
  const hooks: HookAnswer[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const found = expectStatus(await calls.read(`${hooksPath(place)}?per_page=${PAGE}&page=${page}`), 200).json<HookAnswer[]>();
    hooks.push(...found);
    if (found.length < PAGE) break;
  }
  return hooks;
};

/**
 * Creates a webhook, or changes the one of that id. An older server leaves a signing token aside without a word: one that was made for it
 * and has nothing else to prove itself by is taken away again.
 * @throws Refused, call errors, PermanentError for such a server
 */
export const writeHook = async (calls: ConnectionCalls, place: string, id: number | undefined, wish: HookWish): Promise<void> => {
  const path = id === undefined ? hooksPath(place) : `${hooksPath(place)}/${id}`;
  const response = expectStatus(await calls.maintain({ method: id === undefined ? 'POST' : 'PUT', path, json: wish }), 200, 201);
  const made = response.json<HookAnswer>();
  if (wish.signing_token === undefined || made.signing_token_present === true || wish.token !== undefined) return;
  if (id === undefined) await calls.maintain({ method: 'DELETE', path: `${hooksPath(place)}/${made.id}` });
  throw new PermanentError('this GitLab does not know signing tokens (before 19.0): give webhook.tokens in the connection');
};
