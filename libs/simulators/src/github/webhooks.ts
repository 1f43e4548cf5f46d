import { numberOf } from '../kit/numbers.js';
import type { Store, Table } from '../kit/store.js';
import { toSecond } from '../kit/time.js';

/** A webhook of a repository (`owner/name`), an organization (`owner`), or the App. */
export interface Webhook {
  id: number;
  owner: string;
  active: boolean;
  events: string[];
  url: string;
  contentType: string;
  insecureSsl: string;
  secret?: string;
  createdAt: string;
  updatedAt: string;
}

/** Whose webhook an App's own is. */
export const APP_OWNER = 'app';

/** The one that is there from the start. */
const FIRST_ID = 4711;

/** The webhooks of a GitHub: who is told what, where and with which secret. */
export class Webhooks {
  private readonly table: Table<Webhook>;

  constructor(private readonly store: Store) {
    this.table = store.table<Webhook>('webhooks');
  }

  /** One of each repository, or of each owner, that tells everything; after a restart with the address and secret of then. */
  seed(repositories: string[], { url, secret, organizationHooks, appHook }: { url: string; secret: string; organizationHooks?: boolean; appHook?: boolean }): void {
    const owners = appHook ? [APP_OWNER] : repositories.map((name) => (organizationHooks ? name.split('/')[0]! : name));
    for (const owner of new Set(owners)) {
      const known = this.find(owner, FIRST_ID);
      this.put({ ...(known ?? this.fresh(owner, FIRST_ID)), url, secret });
    }
  }

  list(owner: string): Webhook[] {
    return this.table.values().filter((webhook) => webhook.owner === owner);
  }

  find(owner: string, id: number): Webhook | undefined {
    return this.table.get(`${owner} ${id}`);
  }

  create(owner: string, settings: Partial<Webhook>): Webhook {
    return this.put({ ...this.fresh(owner, this.store.next('webhook', 500_000_001)), ...settings });
  }

  put(webhook: Webhook): Webhook {
    return this.table.put(`${webhook.owner} ${webhook.id}`, webhook);
  }

  delete({ owner, id }: Webhook): void {
    this.table.delete(`${owner} ${id}`);
  }

  /** Those that tell of this event in this repository. */
  receivers(repository: string, event: string): Webhook[] {
    const owners = [repository, repository.split('/')[0], APP_OWNER];
    return this.table.values().filter(({ owner, active, events }) => owners.includes(owner) && active && (events.includes('*') || events.includes(event)));
  }

  /** The webhook that a delivery belongs to, as it is now. */
  sender(headers: Record<string, string>): Webhook | undefined {
    return this.table.values().find((webhook) => isOf(webhook, headers));
  }

  private fresh(owner: string, id: number): Webhook {
    const now = new Date().toISOString();
    return { id, owner, active: true, events: ['*'], url: '', contentType: 'json', insecureSsl: '0', createdAt: now, updatedAt: now };
  }
}

/** Ids are given once, but for the first of each owner. */
export const isOf = ({ id, owner }: Pick<Webhook, 'id' | 'owner'>, headers: Record<string, string>): boolean =>
  headers['x-github-hook-id'] === String(id) && headers['x-github-hook-installation-target-id'] === String(numberOf(owner));

/** As the API shows it: the secret only as stars. */
export const webhookView = (root: string, webhook: Webhook, last?: { code: number | null; status: string; message: string | null }): Record<string, unknown> => {
  const url = `${root}${webhookPath(webhook.owner)}/${webhook.id}`;
  return {
    type: webhook.owner.includes('/') ? 'Repository' : 'Organization',
    id: webhook.id,
    name: 'web',
    active: webhook.active,
    events: webhook.events,
    config: {
      content_type: webhook.contentType,
      insecure_ssl: webhook.insecureSsl,
      url: webhook.url,
      ...(webhook.secret === undefined ? {} : { secret: '********' }),
    },
    updated_at: toSecond(webhook.updatedAt),
    created_at: toSecond(webhook.createdAt),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: last ?? { code: null, status: 'unused', message: null },
  };
};

export const webhookPath = (owner: string): string => `/${owner.includes('/') ? 'repos' : 'orgs'}/${owner}/hooks`;
