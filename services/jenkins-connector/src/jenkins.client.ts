import { Refused, describe, type ConnectionCalls, type PlatformRequest, type SendGuard } from '@stellwerk/connector-kit';
import type { HttpResponse } from '@stellwerk/http';
import { jobUrlPath } from './job-path.js';

export interface ActionAnswer {
  parameters?: { name?: string; value?: unknown }[];
  causes?: { userId?: string | null }[];
}

export interface BuildAnswer {
  number: number;
  url?: string;
  queueId?: number;
  timestamp?: number;
  building?: boolean;
  actions?: (ActionAnswer | null)[];
}

export interface QueueItem {
  id: number;
  inQueueSince?: number;
  cancelled?: boolean;
  why?: string | null;
  task?: { url?: string; name?: string };
  actions?: (ActionAnswer | null)[];
  executable?: { number: number; url?: string } | null;
}

const ACTIONS = 'actions[parameters[name,value],causes[_class,shortDescription,userId],lastBuiltRevision[SHA1,branch[name,SHA1]]]';
/** What is read of a build, as `tree=` wants it. */
export const BUILD = `number,url,building,inProgress,result,timestamp,duration,queueId,${ACTIONS}`;
/** Builds of a job that one call takes in. */
const BUILDS_SEEN = 100;

/** The path of a read that gives nothing but that. */
export const tree = (path: string, what: string): string => `${path}/api/json?tree=${encodeURIComponent(what)}`;

/** @throws Refused; undefined for 404 */
const readJson = async <T>(calls: ConnectionCalls, path: string): Promise<T | undefined> => {
  const response = await calls.read(path);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
  return response.json<T>();
};

/** What stands at a job's path. */
export interface ItemAnswer {
  /** Names of the parameters that it declares; undefined when Jenkins does not say. */
  parameters?: string[];
  /** It has no builds, only items that have. */
  holds?: 'branches' | 'jobs';
}

/** By class, as both have no other mark of what they are: a project of branches, and folders (also those of a whole organization). */
const HOLDERS: readonly [RegExp, NonNullable<ItemAnswer['holds']>][] = [[/MultiBranchProject$/, 'branches'], [/Folder$/, 'jobs']];

/** Says nothing of an item that Jenkins does not show. */
export const readItem = async (calls: ConnectionCalls, jobPath: string): Promise<ItemAnswer> => {
  const response = await calls.read(tree(jobUrlPath(jobPath), 'property[parameterDefinitions[name]]'));
  if (response.status !== 200) return {};
  // Every answer names the class of what it describes, whatever `tree` asks for.
  const { _class: kind = '', property } = response.json<{ _class?: string; property?: ({ parameterDefinitions?: { name?: string }[] } | null)[] }>();
  const parameters = property?.flatMap((one) => one?.parameterDefinitions ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return { parameters, holds: HOLDERS.find(([name]) => name.test(kind))?.[1] };
};

export const readBuild = (calls: ConnectionCalls, jobPath: string, number: string): Promise<BuildAnswer | undefined> =>
  readJson<BuildAnswer>(calls, tree(`${jobUrlPath(jobPath)}/${encodeURIComponent(number)}`, BUILD));

/**
 * Builds of a job, newest first, at most so many pages of a hundred, until one is `enough`; `whole`: all that there are. None for a job that is
 * not there. `builds` is cut to the newest hundred, `allBuilds` is not: https://javadoc.jenkins.io/hudson/model/Job.html#getAllBuilds()
 */
export const readBuilds = async (
  calls: ConnectionCalls, jobPath: string, pages: number, enough: (page: readonly BuildAnswer[]) => boolean,
): Promise<{ builds: BuildAnswer[]; whole: boolean }> => {
  // By number: new builds move the others on while pages are read.
  const seen = new Map<number, BuildAnswer>();
  for (let page = 0; page < pages; page += 1) {
    const list = page === 0 ? 'builds' : 'allBuilds';
    const range = `{${page * BUILDS_SEEN},${(page + 1) * BUILDS_SEEN}}`;
    const found = (await readJson<Record<string, BuildAnswer[] | undefined>>(calls, tree(jobUrlPath(jobPath), `${list}[${BUILD}]${range}`)))?.[list];
    if (page > 0 && !found) break;
    for (const build of found ?? []) seen.set(build.number, build);
    if ((found ?? []).length < BUILDS_SEEN) return { builds: [...seen.values()], whole: true };
    if (enough(found ?? [])) break;
  }
  return { builds: [...seen.values()], whole: false };
};

/** Undefined once Jenkins has forgotten the item, five minutes after it left the queue. */
export const readQueueItem = (calls: ConnectionCalls, id: string): Promise<QueueItem | undefined> =>
  readJson<QueueItem>(calls, `/queue/item/${encodeURIComponent(id)}/api/json`);

export const readQueue = async (calls: ConnectionCalls): Promise<QueueItem[]> =>
  (await readJson<{ items?: QueueItem[] }>(calls, tree('/queue', `items[id,inQueueSince,task[name,url],${ACTIONS}]`)))?.items ?? [];

/** The id under which Jenkins knows us; what the connection logs in with may be spelled otherwise. Undefined when it does not say. */
export const readUser = async (calls: ConnectionCalls): Promise<string | undefined> => {
  const response = await calls.read(tree('/whoAmI', 'name,anonymous'));
  if (response.status !== 200) return undefined;
  const { name, anonymous } = response.json<{ name?: string; anonymous?: boolean }>();
  return anonymous ? undefined : name;
};

export const parameterOf = (of: { actions?: (ActionAnswer | null)[] }, name: string): unknown =>
  of.actions?.flatMap((action) => action?.parameters ?? []).find((parameter) => parameter.name === name)?.value;

/**
 * A POST. With a password instead of an API token Jenkins wants a crumb of the same session; it is fetched when Jenkins says so,
 * which proves that the first call did nothing.
 */
export const post = async (calls: ConnectionCalls, request: Omit<PlatformRequest, 'method'>, guard: SendGuard): Promise<HttpResponse> => {
  const response = await calls.write({ ...request, method: 'POST' }, guard);
  if (response.status !== 403 || !/no valid crumb/i.test(response.text)) return response;
  const crumb = await readCrumb(calls);
  return crumb ? calls.write({ ...request, method: 'POST', headers: { ...request.headers, ...crumb } }, guard) : response;
};

/** Asks a build to end; Jenkins answers by a redirect to it. One that has ended already needs no stopping. @throws call errors, Refused */
export const stopBuild = async (calls: ConnectionCalls, jobPath: string, number: string, guard: SendGuard): Promise<void> => {
  const response = await post(calls, { path: `${jobUrlPath(jobPath)}/${encodeURIComponent(number)}/stop` }, guard);
  if (response.status >= 300 && response.status !== 302) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
};

const readCrumb = async (calls: ConnectionCalls): Promise<Record<string, string> | undefined> => {
  const response = await calls.read('/crumbIssuer/api/json');
  if (response.status !== 200) return undefined;
  const { crumb, crumbRequestField } = response.json<{ crumb?: string; crumbRequestField?: string }>();
  const cookies = response.headers['set-cookie']?.match(/JSESSIONID[^=;,\s]*=[^;,\s]+/g);
  return crumb && crumbRequestField ? { [crumbRequestField]: crumb, ...(cookies ? { cookie: cookies.join('; ') } : {}) } : undefined;
};
