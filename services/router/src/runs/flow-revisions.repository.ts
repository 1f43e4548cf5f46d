import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { Database, type Queryable } from '@stellwerk/database';
import type { Flow } from '@stellwerk/flows';
import { LRUCache } from 'lru-cache';

const KEPT_MS = 15_000;

const keyOf = (flow: string, revision: string): string => `${flow}@${revision}`;

/** Flows as they were when runs of them started. A revision never changes, so it is written once and read once. */
@Injectable()
export class FlowRevisionsRepository {
  readonly #known = new LRUCache<string, Flow>({ max: 500 });
  // Not for ever: a database that lost its last commits in a failover would else refuse every run of the flow until we restart.
  readonly #kept = new LRUCache<string, true>({ max: 20_000, ttl: KEPT_MS });

  constructor(
    private readonly database: Database,
    private readonly resources: Resources,
  ) {}

  /** Before the transaction in which runs of them start: one that no run refers to yet harms nobody. */
  async keep(flows: readonly Flow[]): Promise<void> {
    const missing = flows.filter((flow) => !this.#kept.has(keyOf(flow.name, flow.revision)));
    if (missing.length === 0) return;
    await this.database.query(
      'INSERT INTO flow_revisions (flow, revision, content) SELECT * FROM unnest($1::text[], $2::text[], $3::json[]) ON CONFLICT DO NOTHING',
      [missing.map(({ name }) => name), missing.map(({ revision }) => revision), missing.map((flow) => JSON.stringify(flow))],
    );
    for (const flow of missing) this.#kept.set(keyOf(flow.name, flow.revision), true);
  }

  /** Throws when it was never kept: runs refer to it. */
  async get(tx: Queryable, flow: string, revision: string): Promise<Flow> {
    const current = this.resources.current().flows[flow];
    if (current?.revision === revision) return current;
    const key = keyOf(flow, revision);
    const known = this.#known.get(key);
    if (known) return known;
    const [row] = await tx.query<{ content: Flow }>('SELECT content FROM flow_revisions WHERE flow = $1 AND revision = $2', [flow, revision]);
    if (!row) throw new Error(`revision ${revision} of flow ${flow} is not stored`);
    this.#known.set(key, row.content);
    return row.content;
  }
}
