import { jsonBody } from '../kit/exchange.js';
import type { Route } from '../kit/routes.js';
import { Shelf } from '../kit/shelf.js';
import { toSecond } from '../kit/time.js';
import type { Answer, Exchange } from '../kit/types.js';
import { notFound, ok, page, unprocessable } from './answers.js';
import { appView } from './app.route.js';
import type { GithubService } from './service.js';
import { nodeId, userView } from './views.js';

const COMMENTS = '/repos/:owner/:repo/issues/:number/comments';
const MAX_CHARACTERS = 65_536;
const MOST_ISSUES = 1_000;
const FIRST_ID = 90_000_000;

interface Comment {
  id: number;
  /** `owner/name#12`. */
  issue: string;
  body: string;
  /** Written by the App. */
  byApp: boolean;
  created_at: string;
}

/** Comments on issues and changes, which GitHub numbers together. */
export const commentRoutes = (service: GithubService): Route[] => {
  const shelf = new Shelf(service.store.table<Comment>('comments'), { keyOf: ({ id }) => id, groupOf: ({ issue }) => issue, hasEnded: () => true });
  const onIssue = (on: string, handle: (issue: string, exchange: Exchange) => Answer): Route => ({
    on,
    handle: (exchange, { owner, repo, number }) => {
      const repository = service.catalog[`${owner}/${repo}`];
      const exists = repository && Number(number) >= 1 && Number(number) <= (repository.issues ?? MOST_ISSUES);
      return exists ? handle(`${owner}/${repo}#${number}`, exchange) : notFound();
    },
  });
  return [
    onIssue(`POST ${COMMENTS}`, (issue, exchange) => {
      const body = jsonBody(exchange)?.['body'];
      if (typeof body !== 'string' || body.trim() === '') return unprocessable('Validation Failed: body can\'t be blank');
      if (body.length > MAX_CHARACTERS) return unprocessable('Validation Failed: body is too long (maximum is 65536 characters)');
      const comment = shelf.put({ id: service.store.next('comment', FIRST_ID), issue, body, byApp: service.app?.hasSent(exchange) ?? false, created_at: new Date().toISOString() });
      return { status: 201, body: view(service, comment) };
    }),
    // Oldest first, unlike most lists.
    onIssue(`GET ${COMMENTS}`, (issue, exchange) => {
      const since = Date.parse(exchange.query.get('since') ?? '') || 0;
      const found = [...shelf.since(issue, () => true)].filter(({ created_at: at }) => Date.parse(toSecond(at)) >= since);
      const { items, headers } = page(found, exchange.query, `${service.root()}${exchange.path}`);
      return ok(items.map((comment) => view(service, comment)), headers);
    }),
  ];
};

const view = (service: GithubService, { issue, byApp, ...comment }: Comment): Record<string, unknown> => {
  const [repository, number] = issue.split('#') as [string, string];
  const api = `${service.root()}/repos/${repository}/issues`;
  return {
    ...comment,
    node_id: nodeId('IssueComment', comment.id),
    url: `${api}/comments/${comment.id}`,
    html_url: `${service.root()}/${repository}/issues/${number}#issuecomment-${comment.id}`,
    issue_url: `${api}/${number}`,
    user: userView(service.root(), byApp ? `${service.app!.slug}[bot]` : service.login),
    created_at: toSecond(comment.created_at),
    updated_at: toSecond(comment.created_at),
    author_association: 'CONTRIBUTOR',
    performed_via_github_app: byApp ? appView(service.root(), service.app!) : null,
  };
};
