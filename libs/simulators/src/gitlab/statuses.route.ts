import { Shelf } from '../kit/shelf.js';
import type { Store } from '../kit/store.js';
import type { Answer } from '../kit/types.js';
import { message, missing } from './answers.js';
import type { GitlabProject } from './project.js';
import type { GitlabService } from './service.js';
import { userView } from './views.js';

export interface CommitStatus {
  id: number;
  projectId: number;
  sha: string;
  ref: string | null;
  status: string;
  name: string;
  target_url: string | null;
  description: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** State → the event that leads into it, for GitLab's message. */
const TRANSITIONS: Record<string, string> = {
  pending: 'enqueue',
  running: 'run',
  success: 'success',
  failed: 'drop',
  canceled: 'cancel',
  skipped: 'skip',
};

const OPEN = ['pending', 'running'];

/** `POST /projects/:id/statuses/:sha`: moves the open status of that name or makes a new one; the same open state again is refused with 400. */
export const setStatus = (service: GitlabService, project: GitlabProject, sha: string, order: Record<string, unknown>): Answer => {
  const state = order['state'];
  if (typeof state !== 'string') return missing('state');
  if (!TRANSITIONS[state]) return { status: 400, body: { error: 'state does not have a valid value' } };
  const name = String(order['name'] ?? order['context'] ?? 'default');
  const open = [...service.statuses.newest(`${project.id} ${sha}`)].reverse().find((status) => status.name === name && OPEN.includes(status.status));
  if (open?.status === state || (open?.status === 'running' && state === 'pending')) {
    return message(
      400,
      `Cannot transition status via :${TRANSITIONS[state]} from :${open.status} (Reason(s): Status cannot transition via "${TRANSITIONS[state]}")`,
    );
  }
  const now = new Date().toISOString();
  const id = open?.id ?? service.store.next('status');
  const status = service.statuses.put({
    id,
    projectId: project.id,
    sha,
    ref: text(order['ref']),
    status: state,
    name,
    target_url: text(order['target_url']),
    description: text(order['description']),
    created_at: open?.created_at ?? now,
    started_at: state === 'running' ? now : (open?.started_at ?? null),
    finished_at: OPEN.includes(state) ? null : now,
  });
  return { status: 201, body: view(service, status) };
};

export const statusesOf = (service: GitlabService, project: GitlabProject, sha: string): unknown[] =>
  [...service.statuses.newest(`${project.id} ${sha}`)].reverse().map((status) => view(service, status));

/** The commit statuses, by project and commit. */
export const statusShelf = (store: Store): Shelf<CommitStatus> =>
  new Shelf(store.table<CommitStatus>('statuses'), { keyOf: ({ id }) => id, groupOf: ({ projectId, sha }) => `${projectId} ${sha}`, hasEnded: ({ status }) => !OPEN.includes(status) });

const view = (service: GitlabService, { projectId: _projectId, ...status }: CommitStatus): Record<string, unknown> => ({
  ...status,
  allow_failure: false,
  coverage: null,
  author: userView(service.root(), service.username),
});

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
