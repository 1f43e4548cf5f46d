import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import { Shelf } from '../kit/shelf.js';
import { toSecond } from '../kit/time.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, refused, unprocessable } from './answers.js';
import { CHECK_CONCLUSIONS, CHECK_STATUSES, checkRunView, type CheckRun } from './check-run-view.js';
import type { GithubService } from './service.js';

const CHECKS = '/repos/:owner/:repo/check-runs';
const FIRST_ID = 110_000_000;

type Order = Partial<Omit<CheckRun, 'output'>> & { output?: { title?: string; summary?: string } };

/** Check runs: what an App says about a commit. No token of a person may write them. */
export const checkRunRoutes = (service: GithubService): Route[] => {
  const shelf = new Shelf(service.store.table<CheckRun>('check-runs'), { keyOf: ({ id }) => id, groupOf: ({ repository, head_sha }) => `${repository} ${head_sha}`, hasEnded: () => true });
  const writing = (on: string, handle: (order: Order, parameters: Record<string, string>) => Answer): Route => ({
    on,
    handle: (exchange, parameters) => {
      if (!service.catalog[`${parameters['owner']}/${parameters['repo']}`]) return notFound();
      if (!service.app?.hasSent(exchange)) return refused(403, 'You must authenticate via a GitHub App.');
      const order = jsonBody(exchange) as Order | undefined;
      return order ? handle(order, parameters) : { ...unprocessable('Problems parsing JSON'), status: 400 };
    },
  });
  const view = (run: CheckRun): Record<string, unknown> => checkRunView(service, run);
  return [
    writing(`POST ${CHECKS}`, (order, { owner, repo }) => {
      const { name, head_sha: sha } = order;
      if (!name || !/^[0-9a-f]{40}$/.test(sha ?? '')) return unprocessable(`Invalid request.\n\nNo commit found for SHA: ${String(sha)}`);
      const id = service.store.next('check-run', FIRST_ID);
      const begun = { id, repository: `${owner}/${repo}`, name, head_sha: sha!, status: 'queued', conclusion: null, external_id: null, details_url: null, output: NO_OUTPUT, started_at: now(), completed_at: null };
      return answer(shelf, begun, order, 201, view);
    }),
    writing(`PATCH ${CHECKS}/:id`, (order, { owner, repo, id }) => {
      const known = shelf.get(id!);
      return known?.repository === `${owner}/${repo}` ? answer(shelf, known, order, 200, view) : notFound();
    }),
    {
      on: 'GET /repos/:owner/:repo/commits/:sha/check-runs',
      handle: (exchange, { owner, repo, sha }) => list(service, [...shelf.newest(`${owner}/${repo} ${sha}`)].map(view), `${owner}/${repo}`, exchange),
    },
  ];
};

const NO_OUTPUT = { title: null, summary: null };
const now = (): string => toSecond(new Date().toISOString());

/** With a conclusion it is completed, whatever else was said. */
const answer = (shelf: Shelf<CheckRun>, before: CheckRun, order: Order, status: number, view: (run: CheckRun) => Record<string, unknown>): Answer => {
  const { conclusion, external_id: externalId = before.external_id, details_url: detailsUrl = before.details_url, output } = order;
  const state = conclusion ? 'completed' : (order.status ?? before.status);
  if (!CHECK_STATUSES.includes(state)) return unprocessable('Validation Failed: status is not included in the list');
  if (state === 'completed' && !CHECK_CONCLUSIONS.includes(conclusion ?? '')) return unprocessable('Validation Failed: conclusion is required with completed');
  const run = shelf.put({
    ...before, name: order.name ?? before.name, status: state, conclusion: conclusion ?? null, external_id: externalId, details_url: detailsUrl,
    output: output ? { title: output.title ?? null, summary: output.summary ?? null } : before.output, completed_at: state === 'completed' ? now() : null,
  });
  return { status, body: view(run) };
};

/** `filter=latest`, the default: of each name the newest. */
const list = (service: GithubService, newest: Record<string, unknown>[], repository: string, exchange: Exchange): Answer => {
  if (!service.catalog[repository]) return notFound();
  const { check_name: name, app_id: appId, filter = 'latest' } = Object.fromEntries(exchange.query);
  const fitting = newest.filter((run) => (name === undefined || run['name'] === name) && (appId === undefined || String(service.app?.options.id) === appId));
  const shown = filter === 'all' ? fitting : fitting.filter((run, index) => fitting.findIndex((one) => one['name'] === run['name']) === index);
  const { items, headers } = page(shown, exchange.query, `${service.root()}${exchange.path}`);
  return ok({ total_count: shown.length, check_runs: items }, headers);
};
