import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import type { Flow } from '@stellwerk/flows';
import { LRUCache } from 'lru-cache';

/** Flows as they were when runs of them started. A revision never changes, so it is read once. */
@Injectable()
export class FlowRevisionsRepository {
  readonly #known = new LRUCache<string, Flow>({ max: 500 });

  async keep(tx: Queryable, flow: Flow): Promise<void> {
    await tx.query('INSERT INTO flow_revisions (flow, revision, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      flow.name, flow.revision, JSON.stringify(flow),
    ]);
  }

  /** Throws when it was never kept: runs refer to it. */
  async get(tx: Queryable, flow: string, revision: string): Promise<Flow> {
    const key = `${flow}@${revision}`;
    const known = this.#known.get(key);
    if (known) return known;
    const [row] = await tx.query<{ content: Flow }>('SELECT content FROM flow_revisions WHERE flow = $1 AND revision = $2', [flow, revision]);
    if (!row) throw new Error(`revision ${revision} of flow ${flow} is not stored`);
    this.#known.set(key, row.content);
    return row.content;
  }
}
