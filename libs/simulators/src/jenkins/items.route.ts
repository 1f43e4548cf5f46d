import type { Answer, Exchange } from '../kit/types.js';
import { runPage } from '../kit/pages.js';
import { notFound, redirect } from './answers.js';
import type { Build } from './build.js';
import { childrenOf, findItem, type FoundItem, jobPath } from './job.js';
import { changeJob } from './change-job.js';
import type { JenkinsService } from './service.js';
import { startBuild } from './start-build.route.js';
import { parseTree, project } from './tree.js';
import { NEWEST_BUILDS, buildUrl, buildView, itemView } from './views.js';

/** `stop` leads back to the page, the harder two of a pipeline say nothing: https://javadoc.jenkins.io/plugin/workflow-job/org/jenkinsci/plugins/workflow/job/WorkflowRun.html */
const STOPS = ['stop', 'term', 'kill'];

/** `api/json`, with `tree` applied. */
export const apiJson = (exchange: Exchange, value: unknown): Answer => {
  const tree = exchange.query.get('tree');
  return { status: 200, headers: { 'content-type': 'application/json;charset=utf-8' }, body: tree === null ? value : project(value, parseTree(tree)) };
};

/** Everything below `/job/…`. */
export const itemRoute = (service: JenkinsService, exchange: Exchange): Answer => {
  const { items, rest } = splitPath(exchange.path);
  const item = findItem(service.catalog, items);
  if (!item) return notFound();
  const path = rest.join('/');
  const changed = exchange.method === 'POST' ? changeJob(service, item.name, path, exchange.query.get('newName')) : undefined;
  if (changed) return changed;
  if (exchange.method === 'POST' && (path === 'build' || path === 'buildWithParameters')) return startBuild(service, item, path, exchange);
  if (exchange.method === 'GET' && path === 'api/json')
    return apiJson(exchange, itemView(service.root(), service.catalog, item, buildsFor(service, item, exchange), (name) => childView(service, name)));
  if (exchange.method === 'GET' && path === '') return itemPage(service, item);
  const build = item.kind === 'job' && rest[0] ? service.builds.find(item.name, rest[0]) : undefined;
  return build ? buildRoute(service, build, exchange, rest.slice(1).join('/')) : notFound();
};

/** No more of them than the answer shows: a job may have a hundred thousand. */
const buildsFor = (service: JenkinsService, item: FoundItem, exchange: Exchange): Build[] => {
  const tree = exchange.query.get('tree');
  const all = tree === null ? undefined : parseTree(tree).children['allBuilds'];
  const most = Math.max(NEWEST_BUILDS, all ? (all.range?.[1] ?? Infinity) : 0);
  const builds: Build[] = [];
  for (const build of service.builds.newest(item.name)) {
    builds.push(build);
    if (builds.length >= most) break;
  }
  return builds;
};

/** Of a folder in a folder: what lies in it; of a job: its numbers. */
const childView = (service: JenkinsService, name: string): Record<string, unknown> => {
  const item = findItem(service.catalog, name.split('/'));
  if (item?.kind !== 'job') return { jobs: (item?.children ?? []).map((child) => ({ name: child, ...childView(service, `${name}/${child}`) })) };
  const [last] = service.builds.newest(name);
  return { nextBuildNumber: service.builds.lastNumber(name) + 1, lastBuild: last ? buildView(service.root(), last) : null };
};

const buildRoute = (service: JenkinsService, build: Build, exchange: Exchange, verb: string): Answer => {
  if (exchange.method === 'GET' && verb === 'api/json') return apiJson(exchange, buildView(service.root(), build));
  if (exchange.method === 'GET' && verb === '') return buildPage(build);
  if (exchange.method !== 'POST' || !STOPS.includes(verb)) return notFound();
  service.builds.stop(build);
  return verb === 'stop' ? redirect(buildUrl(service.root(), build)) : { status: 200 };
};

/** `/job/a/job/b/12/stop` → items `a`, `b`; rest `12`, `stop`. Each item name is decoded once. */
const splitPath = (path: string): { items: string[]; rest: string[] } => {
  const segments = path.split('/').filter((segment) => segment !== '');
  const items: string[] = [];
  while (segments[0] === 'job' && segments[1] !== undefined) items.push(decodeURIComponent(segments.splice(0, 2)[1]!));
  return { items, rest: segments };
};

const itemPage = (service: JenkinsService, item: FoundItem): Answer =>
  runPage(item.name, item.kind === 'job' ? { builds: service.builds.count(item.name) } : { items: item.children.join(', ') });

const buildPage = ({ job, number, building, result, parameters, cause }: Build): Answer =>
  runPage(`${job} #${number}`, { state: building ? 'running' : result, cause, ...parameters });

/** `GET /me/api/json`: whom the credentials belong to. */
export const meView = ({ root, user: { user } }: JenkinsService): Record<string, unknown> => ({
  _class: 'hudson.model.User', id: user, fullName: user, absoluteUrl: `${root()}/user/${encodeURIComponent(user)}`, description: null, property: [],
});

/** `GET /api/json`. */
export const rootView = (service: JenkinsService): Record<string, unknown> => ({
  _class: 'hudson.model.Hudson',
  mode: 'NORMAL',
  nodeName: '',
  url: `${service.root()}/`,
  useCrumbs: true,
  useSecurity: true,
  jobs: childrenOf(service.catalog, '').map((name) => ({
    _class: 'com.cloudbees.hudson.plugins.folder.Folder',
    name,
    url: `${service.root()}/${jobPath(name)}/`,
  })),
});
