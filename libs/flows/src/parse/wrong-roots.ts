import type { Platform } from '@stellwerk/contracts';

/** What is expected in place of an address that is surely, or most likely, not the one that a connection needs. */
type Rule = (url: URL) => string | undefined;

const GITHUB_API = 'https://api.github.com';

/** What github.com, Enterprise Server and data residency call their API: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api */
const github: Rule = ({ hostname, pathname, origin }) => {
  const path = pathname.replace(/\/+$/, '');
  if (/^(www\.)?github\.com$/.test(hostname) || (hostname === 'api.github.com' && path !== '')) return `the root of the API, ${GITHUB_API}`;
  if (/^(github|ghe|git)\./.test(hostname) && /^(\/api)?$/.test(path)) return `the root of the API, which GitHub Enterprise Server has at ${origin}/api/v3`;
  return undefined;
};

/** Everything from one of these parts of the path on belongs to no root. */
const withoutParts = (parts: RegExp): Rule => ({ origin, pathname }) => {
  const at = pathname.search(parts);
  return at < 0 ? undefined : `the root of the instance, ${origin}${pathname.slice(0, at)}`;
};

/** What is on gitlab.com is a group or project, and no instance. */
const gitlab: Rule = (url) => {
  const isProject = url.hostname === 'gitlab.com' && !/^\/*$/.test(url.pathname);
  return isProject ? 'the root of the instance, https://gitlab.com' : withoutParts(/\/api\/v\d+(\/|$)/)(url);
};

/** https://docs.prefect.io/v3/manage/cloud/connect-to-cloud: the app is for people. */
const prefect: Rule = ({ hostname, pathname, origin }) => {
  if (hostname === 'app.prefect.cloud') return 'the root of the API, https://api.prefect.cloud/api/accounts/<id>/workspaces/<id>';
  return /^\/*$/.test(pathname) ? `the root of the API, mostly ${origin}/api` : undefined;
};

const RULES: Readonly<Partial<Record<Platform, Rule>>> = {
  github, gitlab, prefect,
  // A folder answers as a root does, but for crumbs and the queue.
  jenkins: withoutParts(/\/(job|view|blue|login)(\/|$)/),
  'argo-workflows': withoutParts(/\/(api\/v1|workflows)(\/|$)/),
  'argo-cd': withoutParts(/\/(api\/v1|applications)(\/|$)/),
  n8n: withoutParts(/\/(webhook|webhook-test|api\/v1|rest|workflow|home)(\/|$)/),
};

/** Whose host is whose, where everybody knows it. */
const HOSTS: readonly (readonly [RegExp, Platform])[] = [[/^(www\.|api\.)?github\.com$/, 'github'], [/^gitlab\.com$/, 'gitlab'], [/^(app|api)\.prefect\.cloud$/, 'prefect']];

/** Undefined where the address may be that of an instance or an API, as the platform needs it. */
export const wrongRoot = (platform: Platform, url: URL): string | undefined => {
  const owner = HOSTS.find(([host]) => host.test(url.hostname))?.[1];
  if (owner !== undefined && owner !== platform && platform !== 'webhook') return `an address of platform "${platform}", or platform "${owner}"`;
  return RULES[platform]?.(url);
};
