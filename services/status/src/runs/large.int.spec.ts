import type { RunSnapshot } from '@stellwerk/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeStore, RUNS } from '../../test/large-store.js';
import { SightingsRepository } from '../connections/sightings.repository.js';
import { EventsRepository } from '../events/events.repository.js';
import type { EventsQuery } from '../events/events.query.js';
import { RunsRepository } from '../record/runs.repository.js';
import { RetentionRepository } from '../retention/retention.repository.js';
import { ChangesRepository } from '../stream/changes.repository.js';
import { NeighboursRepository } from '../tell/neighbours.repository.js';
import { RunReadsRepository } from './run-reads.repository.js';
import type { RunsQuery } from './runs.query.js';

/** A page shows 50; of up to eight states 51 each may be read. */
const ENOUGH = 1_000;

let store: Awaited<ReturnType<typeof largeStore>>;

beforeAll(async () => { store = await largeStore(); }, 300_000);

afterAll(() => store?.stop());

describe(`with ${RUNS} runs of the past, nothing is read that is not shown: runs`, () => {
  const list = (query: Partial<RunsQuery>) => store.costing(() => new RunReadsRepository(store.database).list({ limit: 50, ...query } as RunsQuery));

  it.each<[string, Partial<RunsQuery>, number]>([
    ['newest', {}, 50],
    ['of a common flow', { flow: 'release' }, 50],
    ['of a rare flow', { flow: 'nightly' }, 50],
    ['of a common state', { state: ['succeeded'] }, 50],
    ['of a rare state, long ago', { state: ['failed'] }, 3],
    ['of several states', { state: ['failed', 'rolled-back', 'running'] }, 50],
    ['of a common flow in a state that is rare', { flow: 'release', state: ['failed'] }, 3],
    ['of a common flow in a state it never had', { flow: 'release', state: ['rolled-back', 'waiting'] }, 0],
    ['of a repository', { repository: 'acme/shop-7' }, 50],
    ['of a repository in a state that is rare', { repository: 'acme/shop-1', state: ['failed'] }, 1],
    ['of the common branch', { branch: 'main' }, 50],
    ['of a rare branch', { branch: 'fix-5003' }, 1],
    ['of a repository and its common branch', { repository: 'acme/shop-7', branch: 'main' }, 50],
    ['of a commit', { sha: `${'c4ca4238a0b923820dcc509a6f75849b'}00000000` }, 1],
    ['of a commit by its beginning', { sha: 'c4ca4238' }, 1],
    ['of what does not exist', { flow: 'gone', repository: 'gone', branch: 'gone' }, 0],
  ])('%s', async (_name, query, shown) => {
    const { result, rows, scanned } = await list(query);
    expect(result.items).toHaveLength(shown);
    expect(scanned).toEqual([]);
    expect(rows).toBeLessThan(ENOUGH);
    if (result.next === null) return;
    const more = await list({ ...query, cursor: result.next });
    expect([more.scanned, more.rows < ENOUGH]).toEqual([[], true]);
    expect(more.result.items.map(({ id }) => id)).not.toContain(result.items.at(-1)!.id);
  });

  it('in the middle of the past, by a cursor', async () => {
    const cursor = Buffer.from(JSON.stringify([new Date(Date.now() - (RUNS / 2) * 1_000).toISOString(), 'run-1'])).toString('base64url');
    const { rows, scanned } = await list({ flow: 'release', cursor });
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });

  it('counts those that have not ended without the others', async () => {
    const { result, rows, scanned } = await store.costing(() => new RunReadsRepository(store.database).countOpen());
    expect(result).toEqual([{ state: 'running', runs: 20 }]);
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });

  it('finds what ended before of the same pipeline', async () => {
    const ended = Array.from({ length: 40 }, (_, n) => ({ id: `run-${RUNS - 20 - n}`, finishedAt: new Date().toISOString() }) as RunSnapshot);
    const { result, rows, scanned } = await store.costing(() => new RunsRepository().afterFailure(store.database, ended));
    expect(result.size).toBe(0);
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });

  it('follows what changes', async () => {
    const changes = new ChangesRepository(store.database);
    const now = await changes.now();
    const { rows, scanned } = await store.costing(() => changes.after(now, 200));
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });
});

describe('with one flow only, all of whose runs succeeded', () => {
  it('reads no run that is not shown', async () => {
    const alike = await largeStore(["UPDATE runs SET flow = 'release', state = 'succeeded', finished_at = created_at", 'VACUUM (ANALYZE) runs']);
    try {
      for (const query of [{ flow: 'release' }, { flow: 'nightly' }, { repository: 'acme/shop-7' }, { flow: 'release', repository: 'acme/shop-7' }]) {
        const { rows, scanned } = await alike.costing(() => new RunReadsRepository(alike.database).list({ limit: 50, ...query } as RunsQuery));
        expect([query, scanned, rows < ENOUGH], `${rows} rows`).toEqual([query, [], true]);
      }
    } finally {
      await alike.stop();
    }
  }, 300_000);
});

describe('the same for events', () => {
  it.each<[string, Partial<EventsQuery>, number]>([
    ['newest', {}, 50],
    ['of a common type', { type: 'run.succeeded' }, 50],
    ['of a rare type', { type: 'change.merged' }, 40],
    ['of a connection', { connection: 'github' }, 50],
    ['of a connection that has been quiet for long', { connection: 'old-ci' }, 2],
    ['of a repository', { repository: 'acme/shop-7' }, 50],
    ['of a rare branch', { branch: 'fix-5003' }, 2],
    ['of a commit', { sha: 'c4ca4238' }, 2],
    ['of a run: what started it, what it did, and the platform runs it started', { run: 'run-500' }, 3],
    ['of a run that is not there', { run: 'gone' }, 0],
  ])('%s', async (_name, query, shown) => {
    const { result, rows, scanned } = await store.costing(() => new EventsRepository(store.database).list({ limit: 50, ...query } as EventsQuery));
    expect(result.items).toHaveLength(shown);
    expect(scanned).toEqual([]);
    expect(rows).toBeLessThan(ENOUGH);
  });

  it('last ones of each connection', async () => {
    const { result, rows, scanned } = await store.costing(() => new SightingsRepository(store.database).of(['github', 'old-ci', 'new']));
    expect(result.size).toBe(3);
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });

  it('neighbours of a version of a run', async () => {
    const asked = [{ run: 'run-500', version: 2, before: 'run-500:1' }];
    const { rows, scanned } = await store.costing(() => new NeighboursRepository(store.database).of(asked));
    expect([scanned, rows < ENOUGH]).toEqual([[], true]);
  });
});

describe('what is old', () => {
  it.each(['events', 'runs', 'platformRuns', 'facts'] as const)('is found at the end of its index: %s', async (what) => {
    const { rows, scanned } = await store.costing(() => new RetentionRepository(store.database).deleteBatch(what, 1));
    expect(scanned).toEqual([]);
    // A batch, and each of its rows once more by its place.
    expect(rows).toBeLessThanOrEqual(3 * 2_000);
    expect(rows).toBeGreaterThan(1_000);
  });
});
