import type { Route } from '../kit/routes.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, refused } from './answers.js';
import { currentAttempt, type GithubAttempt, type GithubRun } from './github-run.js';
import { filterRuns, seconds, untilOf } from './run-filter.js';
import { jobView, runView } from './run-view.js';
import type { GithubService } from './service.js';
import { numberOf } from '../kit/numbers.js';

const RUNS = '/repos/:owner/:repo/actions/runs';

/** Everything about workflow runs but their start. */
export const runRoutes = (service: GithubService): Route[] => {
  const one = (on: string, handle: (run: GithubRun, parameters: Record<string, string>) => Answer): Route => ({
    on,
    handle: (_exchange, parameters) => {
      const run = service.runs.find(`${parameters['owner']}/${parameters['repo']}`, parameters['id']!);
      return run ? handle(run, parameters) : notFound();
    },
  });
  const jobs = (run: GithubRun, of?: GithubAttempt): Answer => ok({ total_count: 1, jobs: [jobView(service.view, run, of)] });
  return [
    { on: `GET ${RUNS}`, handle: (exchange, parameters) => listRuns(service, exchange, parameters) },
    {
      on: 'GET /repos/:owner/:repo/actions/workflows/:workflow/runs',
      handle: (exchange, parameters) => listRuns(service, exchange, parameters),
    },
    one(`GET ${RUNS}/:id`, (run) => ok(runView(service.view, run))),
    one(`GET ${RUNS}/:id/jobs`, (run) => jobs(run)),
    one(`GET ${RUNS}/:id/attempts/:number`, (run, { number }) => attempt(run, number!, (found) => ok(runView(service.view, run, found)))),
    one(`GET ${RUNS}/:id/attempts/:number/jobs`, (run, { number }) => attempt(run, number!, (found) => jobs(run, found))),
    one(`DELETE ${RUNS}/:id`, (run) => (service.runs.delete(run) ? { status: 204 } : refused(403, 'Cannot delete a workflow run that is not completed'))),
    one(`POST ${RUNS}/:id/cancel`, (run) => cancel(service, run)),
    one(`POST ${RUNS}/:id/force-cancel`, (run) => cancel(service, run)),
    one(`POST ${RUNS}/:id/rerun`, (run) => rerun(service, run)),
    one(`POST ${RUNS}/:id/rerun-failed-jobs`, (run) => rerun(service, run)),
  ];
};

const listRuns = (service: GithubService, { path, query }: Exchange, { owner, repo, workflow }: Record<string, string>): Answer => {
  const repository = `${owner}/${repo}`;
  const known = service.catalog[repository];
  const isNamed = (file: string): boolean => file === workflow || String(numberOf(`${repository}/${file}`)) === workflow;
  if (!known || (workflow !== undefined && !Object.keys(known.workflows).some(isNamed))) return notFound();
  const visible = Date.now() - service.listLagMilliseconds;
  const until = untilOf(query.get('created'));
  const inTime = service.runs.newest(repository, ({ createdAt }) => seconds(createdAt) > until);
  const found = filterRuns(inTime, query, (run) => Date.parse(run.createdAt) <= visible && (workflow === undefined || isNamed(run.workflow)));
  const { items, headers } = page(found, query, `${service.root()}${path}`);
  return ok({ total_count: found.length, workflow_runs: items.map((run) => runView(service.view, run)) }, headers);
};

const attempt = (run: GithubRun, number: string, show: (found: GithubAttempt) => Answer): Answer => {
  const found = run.attempts.find((candidate) => String(candidate.number) === number);
  return found ? show(found) : notFound();
};

const cancel = (service: GithubService, run: GithubRun): Answer =>
  service.runs.cancel(run) ? { status: 202, body: {} } : refused(409, 'Cannot cancel a workflow run that is completed');

const rerun = (service: GithubService, run: GithubRun): Answer => {
  if (currentAttempt(run).status !== 'completed') return refused(403, 'This workflow is already running');
  service.runs.rerun(run, service.outcomes.take(`${run.repository}/${run.workflow}`, 'success'));
  return { status: 201, body: {} };
};
