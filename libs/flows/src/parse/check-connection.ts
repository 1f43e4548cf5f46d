import { PLATFORMS, type Platform } from '@stellwerk/contracts';
import type { ActionLookup } from '../model.js';
import { URL_EXPECTED } from '../schema/connection.js';
import { CIDR_EXPECTED } from '../schema/shapes.js';
import { isRange } from './address-ranges.js';
import { checkReach } from './check-reach.js';
import { namesNothing } from './impossible-globs.js';
import type { KnownNames } from './known-names.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { NOT_YET } from './unsupported.js';

/** What no schema says: platforms of this version, URLs, address ranges, and which secrets a platform has. */
export const checkConnection = (source: ResourceSource, actions: ActionLookup, names: KnownNames): void => {
  checkPlatform(source, actions);
  checkUrl(source);
  checkNetwork(source);
  checkCredentials(source);
  checkJobs(source);
  checkPlaces(source);
  checkUser(source);
  if (source.name !== undefined) checkReach(source, names.usesOf(source.name));
};

const checkPlatform = (source: ResourceSource, actions: ActionLookup): void => {
  const platform = source.spec.platform as Platform;
  const takesHooks = platform === 'webhook';
  if (!PLATFORMS.includes(platform) || takesHooks || actions(platform).length > 0) return;
  source.report(['spec', 'platform'], `platform "${platform}" is ${NOT_YET}`);
};

const checkUrl = (source: ResourceSource): void => {
  const { url } = source.spec;
  if (Object.hasOwn(source.yaml.value as object, 'spec') && url === undefined && source.spec.platform !== 'webhook') source.report(['spec'], `"url" is missing: ${URL_EXPECTED}`);
  if (typeof url !== 'string' || url === '') return;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) source.report(['spec', 'url'], URL_EXPECTED);
  else if (parsed.username !== '' || parsed.password !== '') source.report(['spec', 'url'], 'expected a URL without user and password: they belong to auth');
  else if (parsed.search !== '' || parsed.hash !== '') source.report(['spec', 'url'], 'expected a URL without ? and #');
};

/** Also for channels, whose `network` is the same. */
export const checkNetwork = (source: ResourceSource): void => {
  for (const { text, path } of textsAt(mapOf(source.spec.network).allow, ['spec', 'network', 'allow'])) {
    if (text !== '' && !isRange(text)) source.report(path, `${CIDR_EXPECTED}, got "${text}"`);
  }
};

const checkCredentials = (source: ResourceSource): void => {
  const { platform } = source.spec;
  const [auth, webhook] = [mapOf(source.spec.auth), mapOf(source.spec.webhook)];
  if (platform === 'jenkins' && (auth.token === undefined) !== (auth.user === undefined)) {
    source.report(['spec', 'auth'], 'jenkins needs both auth.user and auth.token');
  }
  if (auth.app !== undefined && platform !== 'github') source.reportKey(['spec', 'auth', 'app'], `only platform "github" has Apps: expected token`);
  if (auth.app !== undefined && auth.token !== undefined) source.reportKey(['spec', 'auth', 'app'], 'a connection has either a token or an App: expected one of them');
  if (auth.webhook !== undefined && platform !== 'n8n') source.reportKey(['spec', 'auth', 'webhook'], `platform "${String(platform)}" has no webhook nodes: expected auth.token`);
  if (['user', 'header', 'jwt'].filter((key) => mapOf(auth.webhook)[key] !== undefined).length > 1) {
    source.reportKey(['spec', 'auth', 'webhook'], 'a Webhook node asks for one thing: expected only one of user, header and jwt');
  }
  const tokens = Array.isArray(webhook.tokens) && webhook.tokens.length > 0;
  if (tokens && (platform === 'github' || platform === 'webhook')) {
    source.reportKey(['spec', 'webhook', 'tokens'], `platform "${platform}" has no hook tokens: expected secrets`);
  }
};

/** The same as a step's `job`: names parted by slashes, a branch by the encoded name that its item has. */
const checkJobs = (source: ResourceSource): void => {
  for (const path of [['spec', 'jobs'], ['spec', 'poll', 'jobs']]) {
    const jobs = path.length === 2 ? source.spec.jobs : mapOf(source.spec.poll).jobs;
    if (jobs === undefined) continue;
    if (source.spec.platform !== 'jenkins') source.reportKey(path, `"jobs" is for platform "jenkins", got "${String(source.spec.platform)}"`);
    for (const { text, path: at } of textsAt(jobs, path)) {
      const fault = namesNothing('repository', text);
      if (fault !== undefined && isJobPath(text) && text.includes('job/')) source.warn(at, fault);
      if (text !== '' && !isJobPath(text)) source.report(at, `expected a job, a folder or a multibranch job (folder/job), got "${text}"`);
    }
  }
};

/** Webhooks are made in one place each. */
const checkPlaces = (source: ResourceSource): void => {
  for (const { text, path } of textsAt(mapOf(source.spec.webhook).repositories, ['spec', 'webhook', 'repositories'])) {
    const fault = text.includes('*') ? 'a webhook is made in one repository: expected its name, or its owner in "organizations"' : namesNothing('repository', text);
    if (fault !== undefined) source.warn(path, fault);
  }
};

/** Their tokens say whose they are. */
const WITHOUT_USER: readonly unknown[] = ['github', 'gitlab'];

const checkUser = (source: ResourceSource): void => {
  const { platform, auth } = source.spec;
  if (mapOf(auth).user !== undefined && WITHOUT_USER.includes(platform)) source.warnKey(['spec', 'auth', 'user'], `"user" is left aside: a token of ${String(platform)} says whose it is`);
};

const isJobPath = (text: string): boolean => {
  const items = text.split('/').filter((item) => item !== '');
  return items.length > 0 && !items.some((item) => /^\.+$/.test(item));
};
