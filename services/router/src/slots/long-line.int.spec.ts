import { runMigrations } from '@stellwerk/database';
import { testDatabaseUrl } from '@stellwerk/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { LINE, SlotsRepository } from './slots.repository.js';

const WAITING = 3_000;
const SLOT = { scope: 'flow:a', key: 'main' };
const OTHERS = ['b', 'c', 'd', 'e'].map((key) => ({ scope: 'flow:a', key }));

let database: pg.Client;
const slots = new SlotsRepository();
let plan: string;

/** Reads, and keeps how PostgreSQL went about it. */
const read = async (text: string, values?: readonly unknown[]) => {
  plan = (await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, TIMING OFF) ${text}`, [...values ?? []])).rows.map((row) => row['QUERY PLAN']).join('\n');
  return (await database.query(text, [...values ?? []])).rows;
};

const places = (wanted = [SLOT]) => slots.places({ query: read } as Parameters<SlotsRepository['places']>[0], wanted);

/** The most rows that any part of the plan gave. */
const mostRows = (): number => Math.max(...[...plan.matchAll(/actual rows=([\d.]+)/g)].map(([, rows]) => Number(rows)));

beforeAll(async () => {
  const url = await testDatabaseUrl();
  await runMigrations('router', migrations, url);
  database = new pg.Client({ connectionString: url, options: '-c search_path=router' });
  await database.connect();
  await database.query("INSERT INTO flow_revisions (flow, revision, content) VALUES ('a', 'r', '{}')");
  for (const [at, { key }] of [SLOT, ...OTHERS].entries()) {
    await database.query(`INSERT INTO runs (id, flow, revision, state, version, chain, fact, document, created_at)
      SELECT md5($1 || n)::uuid, 'a', 'r', 'queued', 1, '{}', $1 || n, '{}', now() FROM generate_series(1, $2) AS n`, [key, at === 0 ? WAITING : 3]);
    await database.query(`INSERT INTO slots (run, step, scope, key, slot_limit, when_full, held, displaced)
      SELECT md5($1 || n)::uuid, '', 'flow:a', $1, 1, 'queue', n <= 1, false FROM generate_series(1, $2) AS n`, [key, at === 0 ? WAITING : 3]);
  }
}, 120_000);

afterAll(() => database?.end());

describe('a line of thousands', () => {
  it('is not read further than it matters, though PostgreSQL has no figures of it yet', async () => {
    const found = await places();
    expect(found.map(({ held }) => held)).toEqual([true, ...Array<boolean>(LINE).fill(false)]);
    expect(found.map(({ run }) => run)).toEqual((await database.query<{ run: string }>('SELECT run FROM slots WHERE key = $1 ORDER BY place LIMIT $2', ['main', LINE + 1])).rows.map(({ run }) => run));
    expect(plan).toContain('slots_line');
    expect(mostRows()).toBeLessThanOrEqual(LINE + 1);
  });

  it('does not lose those behind rows of runs that have ended', async () => {
    await database.query("UPDATE runs SET finished_at = now() WHERE id IN (SELECT run FROM slots WHERE key = 'main' AND NOT held ORDER BY place LIMIT 200)");
    expect((await places()).filter(({ held }) => !held)).toHaveLength(LINE);
    await database.query('UPDATE runs SET finished_at = NULL');
  });

  it('is told apart from other slots, and found in one step', async () => {
    for (const slot of OTHERS) expect((await places([slot])).map(({ key, held }) => [key, held])).toEqual([[slot.key, true], [slot.key, false], [slot.key, false]]);
    expect(await places([...OTHERS, SLOT])).toHaveLength(OTHERS.length * 3 + LINE + 1);
    const page = await slots.page({ query: read } as Parameters<SlotsRepository['page']>[0], '', 200);
    expect(page.map(({ key }) => key).sort()).toEqual(['b', 'c', 'd', 'e', 'main']);
    expect(mostRows()).toBeLessThanOrEqual(OTHERS.length + 1);
  });

  it('is read whole when somebody in it wants more than a turn', async () => {
    await database.query("UPDATE slots SET when_full = 'replace-queued' WHERE key = 'main' AND place = (SELECT max(place) FROM slots WHERE key = 'main')");
    expect(await places()).toHaveLength(WAITING);
  });
});

describe('one that is to make room', () => {
  const told = async (): Promise<unknown[]> => (await database.query("SELECT held, displaced FROM slots WHERE key = 'b' AND held")).rows;

  it('is noted once; whoever gave the place back since the slot was read does not get it again', async () => {
    const [holder] = await places([OTHERS[0]!]);
    const note = () => slots.write({ query: async (text: string, values?: unknown[]) => (await database.query(text, values)).rows } as Parameters<SlotsRepository['write']>[0],
      [{ run: holder!.run, place: { ...holder!, displaced: true } }]);
    await note();
    expect(await told()).toEqual([{ held: true, displaced: true }]);
    await database.query('DELETE FROM slots WHERE run = $1', [holder!.run]);
    await note();
    expect(await told()).toEqual([]);
  });
});
