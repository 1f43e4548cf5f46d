import { randomUUID } from 'node:crypto';
import type { PlannedOutcome } from '../kit/outcomes.js';
import { runPage } from '../kit/pages.js';
import { findRoute, type Parameters, type Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { message, notFound, paged } from './answers.js';
import { listJobs, playJob, showJob } from './jobs.route.js';
import { addCommitComment, addNote, listCommitComments, listNotes } from './notes.route.js';
import { orderOf } from './order.js';
import type { Pipeline } from './pipeline.js';
import { listPipelines, onePipeline, showPipeline } from './pipelines.route.js';
import { findProject, type GitlabProject, refsOf } from './project.js';
import type { GitlabService } from './service.js';
import { createPipeline, triggerPipeline } from './start-pipeline.route.js';
import { cancelStatuses, setStatus, statusesOf } from './statuses.route.js';
import { userView } from './views.js';
import { changeWebhook, createWebhook, deleteWebhook, listWebhooks } from './webhooks.route.js';

type ProjectHandler = (project: GitlabProject, exchange: Exchange, parameters: Parameters) => Answer;

/** Everything below `/api/v4`. */
export const apiRoutes = (service: GitlabService): Route[] => {
  const inProject = (on: string, handle: ProjectHandler): Route => ({
    on,
    handle: (exchange, parameters) => {
      const project = findProject(service.projects, parameters['id']!);
      return project ? handle(project, exchange, parameters) : notFound('Project');
    },
  });
  const one = (on: string, act: (project: GitlabProject, pipeline: Pipeline) => Answer): Route =>
    inProject(on, (project, _exchange, { pid }) => onePipeline(service, project, pid!, (pipeline) => act(project, pipeline)));
  const plan = (project: GitlabProject) => (): PlannedOutcome => service.outcomes.take(project.path, 'success');
  return [
    { on: 'GET /user', handle: () => ({ status: 200, body: userView(service.root(), service.username) }) },
    { on: 'GET /version', handle: () => ({ status: 200, body: { version: '19.0.0', revision: 'simulated' } }) },
    inProject('GET /projects/:id', (project) => ({
      status: 200,
      body: { id: project.id, path_with_namespace: project.path, default_branch: refsOf(project)[0], web_url: `${service.root()}/${project.path}` },
    })),
    inProject('POST /projects/:id/pipeline', (project, exchange) => createPipeline(service, project, orderOf(exchange))),
    inProject('POST /projects/:id/trigger/pipeline', (project, exchange) => triggerPipeline(service, project, orderOf(exchange))),
    inProject('GET /projects/:id/pipelines', (project, exchange) => listPipelines(service, project, exchange)),
    one('GET /projects/:id/pipelines/:pid', (project, pipeline) => showPipeline(service, project, pipeline)),
    one('GET /projects/:id/pipelines/:pid/variables', (_project, pipeline) => ({ status: 200, body: pipeline.variables })),
    inProject('GET /projects/:id/pipelines/:pid/jobs', (project, exchange, { pid }) =>
      onePipeline(service, project, pid!, (pipeline) => listJobs(service, project, pipeline, exchange)),
    ),
    inProject('GET /projects/:id/jobs/:job', (project, _exchange, { job }) => showJob(service, project, job!)),
    inProject('POST /projects/:id/jobs/:job/play', (project, exchange, { job }) => playJob(service, project, job!, orderOf(exchange))),
    one('POST /projects/:id/pipelines/:pid/cancel', (project, pipeline) => {
      cancelStatuses(service, pipeline);
      return showPipeline(service, project, service.pipelines.cancel(service.pipelines.get(pipeline.id)!));
    }),
    one('POST /projects/:id/pipelines/:pid/retry', (project, pipeline) =>
      showPipeline(service, project, service.pipelines.retry(pipeline, plan(project)), 201),
    ),
    inProject('GET /projects/:id/hooks', (project, exchange) => listWebhooks(service, project, exchange)),
    inProject('POST /projects/:id/hooks', (project, exchange) => createWebhook(service, project, exchange)),
    inProject('PUT /projects/:id/hooks/:hook', (project, exchange, { hook }) => changeWebhook(service, project, hook, exchange)),
    inProject('DELETE /projects/:id/hooks/:hook', (project, _exchange, { hook }) => deleteWebhook(service, project, hook)),
    inProject('POST /projects/:id/statuses/:sha', (project, exchange, { sha }) => setStatus(service, project, sha!, orderOf(exchange))),
    inProject('GET /projects/:id/repository/commits/:sha/statuses', (project, exchange, { sha }) =>
      paged(statusesOf(service, project, sha!), exchange, service.root()),
    ),
    inProject('POST /projects/:id/repository/commits/:sha/comments', (project, exchange, { sha }) => addCommitComment(service, project, sha!, exchange)),
    inProject('GET /projects/:id/repository/commits/:sha/comments', (project, exchange, { sha }) => listCommitComments(service, project, sha!, exchange)),
    ...(['merge_requests', 'issues'] as const).flatMap((kind) => [
      inProject(`POST /projects/:id/${kind}/:iid/notes`, (project, exchange, { iid }) => addNote(service, project, { kind, iid: iid! }, exchange)),
      inProject(`GET /projects/:id/${kind}/:iid/notes`, (project, exchange, { iid }) => listNotes(service, project, { kind, iid: iid! }, exchange)),
    ]),
  ];
};

/** GitLab names no charset; python-gitlab takes nothing else for JSON. */
const JSON_TYPE = { 'content-type': 'application/json' };

/** Web pages are open; the API wants the token. */
export const answer = async (service: GitlabService, routes: Route[], exchange: Exchange): Promise<Answer> => {
  const page = /^\/(.+)\/-\/pipelines\/(\d+)$/.exec(exchange.path);
  if (page && exchange.method === 'GET') return webPage(service, page[1]!, page[2]!);
  if (!exchange.path.startsWith('/api/v4/'))
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><h1>404: Page not found</h1></html>' };
  const path = exchange.path.slice('/api/v4'.length);
  // A trigger token in the body stands for itself.
  if (!path.endsWith('/trigger/pipeline') && !authorized(exchange, service.token)) return { ...message(401, '401 Unauthorized'), headers: JSON_TYPE };
  const found = findRoute(routes, exchange.method, path);
  const said = found ? await found.route.handle(exchange, found.parameters) : { status: 404, body: { error: '404 Not Found' } };
  return { ...said, headers: { ...JSON_TYPE, 'x-request-id': randomUUID(), 'x-gitlab-meta': '{"version":"1"}', ...said.headers } };
};

const authorized = ({ headers, query }: Exchange, token: string): boolean =>
  headers['private-token'] === token || headers['authorization'] === `Bearer ${token}` || query.get('private_token') === token;

const webPage = (service: GitlabService, path: string, id: string): Answer => {
  const project = findProject(service.projects, path);
  const pipeline = project && service.pipelines.find(project.id, id);
  if (!pipeline) return { status: 404, body: 'Not Found' };
  const { ref, sha, status, source, user, attempt } = pipeline;
  return runPage(`Pipeline #${pipeline.id}`, { project: path, ref, commit: sha, status, source, user, attempt });
};
