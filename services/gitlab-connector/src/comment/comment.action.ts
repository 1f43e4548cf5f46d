import { bearsMark, Fields, madeIn, type ActionCall, type ConnectionCalls, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import { expectStatus, projectPath, readUsername } from '../gitlab.client.js';
import { nextQuery, PAGE } from '../pages.js';
import { noteText } from './note-text.js';

/** Comments that a look-up goes through: so many pages of a hundred, those of merge requests and issues newest first. */
const MOST_PAGES = 20;

interface NoteAnswer {
  /** Comments on commits have none. */
  id?: number;
  body?: string;
  note?: string;
  author?: { username?: string } | null;
}

interface With {
  project: string;
  /** Below the project; where comments are read and written. */
  path: string;
  /** What GitLab calls the text of such a comment. */
  field: 'body' | 'note';
  body: string;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('comment', values);
  const [change, issue, sha] = [fields.integerOf('change'), fields.integerOf('issue'), fields.textOf('sha')];
  if ([change, issue, sha].filter((one) => one !== undefined).length !== 1) throw new PermanentError('comment needs one of `change`, `issue` and `sha`');
  const common = { project: fields.text('project'), body: fields.text('body') };
  if (sha !== undefined) return { ...common, path: `repository/commits/${encodeURIComponent(sha)}/comments`, field: 'note' };
  return { ...common, path: change === undefined ? `issues/${issue}/notes` : `merge_requests/${change}/notes`, field: 'body' };
};

const outputsOf = ({ id }: NoteAnswer): Outputs | undefined => (id === undefined ? undefined : { comment: id });

/** `gitlab/comment`: on a merge request, an issue or a commit. */
export class CommentAction implements ConnectorAction {
  readonly name = 'comment';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { project, path } = read(values);
    return { repository: project, pipeline: this.name, ref: path };
  }

  /** Each bears the mark of its command. */
  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { project, path, field, body } = read(call.with);
    const json = { [field]: noteText(body, call.commandId) };
    const response = await call.calls.write({ method: 'POST', path: `${projectPath(project)}/${path}`, json }, call);
    return { kind: 'accepted', outputs: outputsOf(madeIn<NoteAnswer>(expectStatus(response, 200, 201))) };
  }

  async lookUp({ calls, with: values, commandId }: ActionCall): Promise<Looked> {
    const { project, path, field } = read(values);
    let query: URLSearchParams | undefined = new URLSearchParams({ per_page: String(PAGE), page: '1', ...(field === 'body' ? { sort: 'desc', order_by: 'created_at' } : {}) });
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const response = await calls.read(`${projectPath(project)}/${path}?${query.toString()}`);
      const notes = expectStatus(response, 200).json<NoteAnswer[]>();
      const [ours] = await this.#ours(calls, notes.filter((note) => bearsMark(note[field], commandId)));
      if (ours) return { kind: 'found', outputs: outputsOf(ours) };
      query = nextQuery(response, query, notes.length);
      if (!query) return { kind: 'absent' };
    }
    return { kind: 'cannot', reason: `there are more comments than can be looked through (${MOST_PAGES * PAGE})` };
  }

  /** Command ids can be guessed, and anybody may comment: a mark in another's comment is not ours. What GitLab does not tell is not asked for. */
  async #ours(calls: ConnectionCalls, marked: readonly NoteAnswer[]): Promise<readonly NoteAnswer[]> {
    if (marked.length === 0) return [];
    const us = await readUsername(calls);
    return marked.filter(({ author }) => us === undefined || author?.username === undefined || author?.username === us);
  }
}
