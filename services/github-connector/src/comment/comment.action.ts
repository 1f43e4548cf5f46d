import { Fields, bearsMark, withMark, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { CLOCK_SKEW_MS } from '../dispatched-runs/find-run.js';
import { expectStatus, readList, repositoryPath, writeJson } from '../github.client.js';

/** A hundred comments each. */
const MOST_PAGES = 20;

interface With {
  repository: string;
  number: number;
  body: string;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('comment', values);
  return { repository: fields.text('repository'), number: fields.integer('number'), body: fields.text('body') };
};

/** Changes are issues to GitHub, and numbered with them. */
const pathOf = ({ repository, number }: With): string => `${repositoryPath(repository)}/issues/${number}/comments`;

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
    expectStatus(await writeJson(call.calls, call, { path: pathOf(of), json: { body: withMark(of.body, call.commandId) } }), 201);
    return { kind: 'accepted' };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const of = read(call.with);
    const since = new Date((call.sentAt ?? new Date()).getTime() - CLOCK_SKEW_MS).toISOString();
    const isOurs = ({ body }: { body?: string | null }): boolean => bearsMark(body, call.commandId);
    const walked = await readList<{ body?: string | null }>(call.calls, pathOf(of), { query: { since }, most: MOST_PAGES }, (page) => page.some(isOurs));
    if (walked === 'stopped') return { kind: 'found' };
    return walked === 'whole' ? { kind: 'absent' } : { kind: 'cannot', reason: `more comments on ${of.number} since then than can be looked through` };
  }
}
