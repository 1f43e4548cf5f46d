import { numberOf } from '../kit/numbers.js';
import type { Store, Table } from '../kit/store.js';

/** The switches of a webhook. */
export const SWITCHES = [
  'pipeline_events', 'job_events', 'push_events', 'tag_push_events', 'merge_requests_events', 'deployment_events', 'releases_events', 'issues_events', 'note_events',
] as const;

/** Which switch an `X-Gitlab-Event` belongs to. */
const SWITCH_OF: Readonly<Record<string, string>> = {
  'Pipeline Hook': 'pipeline_events', 'Job Hook': 'job_events', 'Push Hook': 'push_events', 'Tag Push Hook': 'tag_push_events', 'Merge Request Hook': 'merge_requests_events',
  'Deployment Hook': 'deployment_events', 'Release Hook': 'releases_events', 'Issue Hook': 'issues_events', 'Note Hook': 'note_events',
};

export interface GitlabWebhook {
  id: number;
  projectId: number;
  url: string;
  on: string[];
  token?: string;
  signingToken?: string;
  sslVerification: boolean;
  createdAt: string;
}

/** The webhooks of a GitLab's projects. */
export class GitlabWebhooks {
  private readonly table: Table<GitlabWebhook>;

  constructor(private readonly store: Store) {
    this.table = store.table<GitlabWebhook>('webhooks');
  }

  /** One of each project, that tells of all; after a restart with the address and secrets of then. */
  seed(projects: readonly number[], settings: Pick<GitlabWebhook, 'url' | 'token' | 'signingToken'>): void {
    for (const projectId of projects) {
      const known = this.list(projectId)[0];
      if (known) this.put({ ...known, ...settings });
      else this.create(projectId, { ...settings, on: [...SWITCHES] });
    }
  }

  list(projectId: number): GitlabWebhook[] {
    return this.table.values().filter((webhook) => webhook.projectId === projectId);
  }

  find(projectId: number, id: string | undefined): GitlabWebhook | undefined {
    const webhook = this.table.get(id ?? '');
    return webhook?.projectId === projectId ? webhook : undefined;
  }

  create(projectId: number, settings: Partial<GitlabWebhook> & { url: string }): GitlabWebhook {
    // As in GitLab, a webhook for which nothing is said tells of pushes.
    return this.put({ id: this.store.next('webhook'), projectId, on: ['push_events'], sslVerification: true, createdAt: new Date().toISOString(), ...settings });
  }

  put(webhook: GitlabWebhook): GitlabWebhook {
    return this.table.put(webhook.id, webhook);
  }

  delete({ id }: GitlabWebhook): void {
    this.table.delete(id);
  }

  receivers(projectId: number, event: string): GitlabWebhook[] {
    const name = SWITCH_OF[event];
    return this.list(projectId).filter(({ on }) => name === undefined || on.includes(name));
  }

  /** The webhook that a delivery belongs to, as it is now. */
  sender(headers: Record<string, string>): GitlabWebhook | undefined {
    return this.table.values().find((webhook) => uuidOf(webhook) === headers['x-gitlab-webhook-uuid']);
  }
}

/** `X-Gitlab-Webhook-UUID`. */
export const uuidOf = ({ id }: Pick<GitlabWebhook, 'id'>): string => `f1a6b2e0-7c0c-4d7e-9d0e-${String(numberOf(`webhook ${id}`)).padStart(12, '0')}`;
