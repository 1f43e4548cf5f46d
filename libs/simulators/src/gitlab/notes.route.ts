import { Shelf } from '../kit/shelf.js';
import type { Store } from '../kit/store.js';
import type { Answer, Exchange } from '../kit/types.js';
import { missing, notFound, paged } from './answers.js';
import { orderOf } from './order.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { userView } from './views.js';

/** What was said about a merge request, an issue or a commit. */
export interface Note {
  id: number;
  /** Project, kind and number or commit. */
  about: string;
  body: string;
  /** Quick actions that it gave, e.g. `/close`. */
  commands: string[];
  /** Whose token it was, or whom an administrator's token stood for (header `Sudo`): https://docs.gitlab.com/api/rest/authentication/#sudo */
  author: string;
  created_at: string;
}

export type NoteKind = 'merge_requests' | 'issues';

/** A line of a note that begins so is an order: https://docs.gitlab.com/user/project/quick_actions/ */
const QUICK_ACTION = /^\/[a-z_]+.*$/gm;

const aboutOf = (project: GitlabProject, kind: string, id: string): string => `${project.id} ${kind} ${id}`;

const isThere = (project: GitlabProject, kind: NoteKind, iid: string): boolean =>
  ((kind === 'issues' ? project.issues : project.mergeRequests) ?? []).map(String).includes(iid);

/** `POST /projects/:id/merge_requests|issues/:iid/notes`: quick actions are taken out of the text and carried out. */
export const addNote = (service: GitlabService, project: GitlabProject, of: { kind: NoteKind; iid: string }, exchange: Exchange): Answer => {
  if (!isThere(project, of.kind, of.iid)) return notFound();
  const text = orderOf(exchange)['body'];
  if (typeof text !== 'string' || text === '') return missing('body');
  const note = put(service, aboutOf(project, of.kind, of.iid), text, exchange);
  if (note.body === '') return { status: 202, body: { commands_changes: {}, summary: note.commands } };
  return { status: 201, body: noteView(service, of, note) };
};

/** `GET …/notes`, newest first unless `sort=asc`. */
export const listNotes = (service: GitlabService, project: GitlabProject, of: { kind: NoteKind; iid: string }, exchange: Exchange): Answer => {
  if (!isThere(project, of.kind, of.iid)) return notFound();
  const found = [...service.notes.newest(aboutOf(project, of.kind, of.iid))].filter(({ body }) => body !== '');
  return paged(exchange.query.get('sort') === 'asc' ? found.reverse() : found, exchange, service.root(), (note) => noteView(service, of, note));
};

/** `POST /projects/:id/repository/commits/:sha/comments`. */
export const addCommitComment = (service: GitlabService, project: GitlabProject, sha: string, exchange: Exchange): Answer => {
  if (!/^[0-9a-f]{40}$/.test(sha)) return notFound('Commit');
  const text = orderOf(exchange)['note'];
  if (typeof text !== 'string' || text === '') return missing('note');
  return { status: 201, body: commentView(service, put(service, aboutOf(project, 'commits', sha), text, exchange)) };
};

/** `GET /projects/:id/repository/commits/:sha/comments`, oldest first. */
export const listCommitComments = (service: GitlabService, project: GitlabProject, sha: string, exchange: Exchange): Answer =>
  paged([...service.notes.newest(aboutOf(project, 'commits', sha))].reverse(), exchange, service.root(), (note) => commentView(service, note));

export const noteShelf = (store: Store): Shelf<Note> => new Shelf(store.table<Note>('notes'), { keyOf: ({ id }) => id, groupOf: ({ about }) => about, hasEnded: () => true });

const put = (service: GitlabService, about: string, text: string, { headers }: Exchange): Note =>
  service.notes.put({
    id: service.store.next('note'),
    about,
    body: text.replace(QUICK_ACTION, '').trim(),
    commands: text.match(QUICK_ACTION) ?? [],
    author: headers['sudo'] ?? service.username,
    created_at: new Date().toISOString(),
  });

const noteView = (service: GitlabService, { kind, iid }: { kind: NoteKind; iid: string }, { id, body, author, created_at: created }: Note): Record<string, unknown> => ({
  id,
  type: null,
  body,
  author: userView(service.root(), author),
  created_at: created,
  updated_at: created,
  system: false,
  noteable_type: kind === 'issues' ? 'Issue' : 'MergeRequest',
  noteable_iid: Number(iid),
  resolvable: false,
});

const commentView = (service: GitlabService, { body, author, created_at: created }: Note): Record<string, unknown> => ({
  note: body,
  path: null,
  line: null,
  line_type: null,
  author: userView(service.root(), author),
  created_at: created,
});
