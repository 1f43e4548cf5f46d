import type { OutcomeBook } from '../kit/outcomes.js';
import type { Shelf } from '../kit/shelf.js';
import type { Store } from '../kit/store.js';
import type { ManualJobs } from './manual-jobs.js';
import type { Note } from './notes.route.js';
import type { Pipelines } from './pipelines.js';
import type { GitlabProject } from './project.js';
import type { CommitStatus } from './statuses.route.js';
import type { GitlabWebhooks } from './webhooks.js';

/** What the routes of GitLab work with. */
export interface GitlabService {
  projects: GitlabProject[];
  pipelines: Pipelines;
  manualJobs: ManualJobs;
  webhooks: GitlabWebhooks;
  /** GitLab 19.0 and later. */
  knowsSigningTokens: boolean;
  statuses: Shelf<CommitStatus>;
  notes: Shelf<Note>;
  outcomes: OutcomeBook;
  store: Store;
  root: () => string;
  /** Whom the access token belongs to. */
  username: string;
  token: string;
}
