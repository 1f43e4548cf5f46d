import type { Outputs } from '@stellwerk/contracts';
import { bearsMark, Fields, madeIn, withMark, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { CLOCK_SKEW_MS } from '../dispatched-runs/find-run.js';
import { expectStatus, readList, readLogin, repositoryPath, writeJson } from '../github.client.js';

/** A hundred comments each. */
const MOST_PAGES = 20;

interface CommentAnswer {
  id?: number;
  html_url?: string;
  body?: string | null;
  user?: { login?: string } | null;
  performed_via_github_app?: { id?: number } | null;
}

interface With {
  repository: string;
  number: number;
  body: string;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('comment', values);
  return { repository: fields.text('repository'), number: fields.integer('issue_number'), body: fields.text('body') };
};

/** Changes are issues to GitHub, and numbered with them. */
const pathOf = ({ repository, number }: With): string => `${repositoryPath(repository)}/issues/${number}/comments`;

const outputsOf = ({ id, html_url: url }: CommentAnswer): Outputs | undefined => (id === undefined ? undefined : { comment: id, ...(url !== undefined && { url }) });

/** Command ids can be guessed, and anybody may comment: a mark in another's comment is not ours. What GitHub does not tell is not asked for. */
const authorOf = async ({ calls, connection }: ActionCall): Promise<(comment: CommentAnswer) => boolean> => {
  const app = connection.auth?.app;
  if (app) return ({ performed_via_github_app: by }) => by === undefined || String(by?.id) === app.id;
  const login = await readLogin(calls);
  return ({ user }) => login === undefined || user?.login === undefined || user.login === login;
};

/** `github/comment`: on an issue or a change, with our mark, which no reader sees. */
export class CommentAction implements ConnectorAction {
  readonly name = 'comment';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const of = read(values);
    pathOf(of);
    return { repository: of.repository, pipeline: `comments on ${of.number}` };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const of = read(call.with);
    const response = expectStatus(await writeJson(call.calls, call, { path: pathOf(of), json: { body: withMark(of.body, call.commandId) } }), 201);
    return { kind: 'accepted', outputs: outputsOf(madeIn<CommentAnswer>(response)) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const of = read(call.with);
    const since = new Date((call.sentAt ?? new Date()).getTime() - CLOCK_SKEW_MS).toISOString();
    const isFromUs = await authorOf(call);
    const isOurs = (comment: CommentAnswer): boolean => bearsMark(comment.body, call.commandId) && isFromUs(comment);
    const found: CommentAnswer[] = [];
    const walked = await readList<CommentAnswer>(call.calls, pathOf(of), { query: { since }, most: MOST_PAGES }, (page) => {
      found.push(...page.filter(isOurs));
      return found.length > 0;
    });
    if (found[0]) return { kind: 'found', outputs: outputsOf(found[0]) };
    return walked === 'whole' ? { kind: 'absent' } : { kind: 'cannot', reason: `more comments on ${of.number} since then than can be looked through` };
  }
}
