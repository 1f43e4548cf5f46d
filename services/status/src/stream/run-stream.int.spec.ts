import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { newRun, next } from '../../test/runs.js';
import { readSse } from '../../test/sse-reader.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
let databaseUrl: string;

beforeAll(async () => {
  nats = await startTestNats();
  databaseUrl = await testDatabaseUrl();
  rig = await startStatus(nats.url, databaseUrl);
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

const stream = (query = '', headers = {}) => readSse(`${rig.url}/api/runs/stream${query}`, headers);

describe('the stream of runs', () => {
  it('begins now and gives each run as it changes', async () => {
    const before = newRun();
    await rig.publishRun('run.started', before);
    // A transaction of anybody on this server that is still open lets a stream begin before what is younger.
    await waitFor(async () => (await rig.database.query('SELECT id FROM runs WHERE id = $1 AND change < pg_snapshot_xmin(pg_current_snapshot())', [before.id])).length === 1, { what: 'the run before' });
    const reader = await stream();
    const run = newRun();
    await rig.publishRun('run.started', run);
    await reader.until('its start', (events) => events.some(({ data }) => data.id === run.id));
    await rig.publishRun('run.succeeded', next(run, 'succeeded'));
    await reader.until('its end', (events) => events.some(({ data }) => data.id === run.id && data.state === 'succeeded'));
    expect(reader.events.every(({ event, id }) => event === 'run' && id !== '')).toBe(true);
    expect(reader.events.map(({ data }) => data.id)).not.toContain(before.id);
    reader.close();
  });

  it.each([['Last-Event-ID', (id: string) => stream('', { 'last-event-id': id })], ['?cursor=', (id: string) => stream(`?cursor=${id}`)]])(
    'goes on behind %s, though nobody listened meanwhile', async (_name, resume) => {
      const first = await stream();
      await waitFor(() => first.lastId() !== '', { what: 'the place to begin' });
      first.close();
      const runs = Array.from({ length: 5 }, () => newRun());
      for (const run of runs) await rig.publishRun('run.started', run);
      await waitFor(async () => (await rig.get(`/api/runs/${runs[4]!.id}`)).status === 200, { what: 'the last run' });
      const reader = await resume(first.lastId());
      await reader.until('all five', (events) => runs.every((run) => events.some(({ data }) => data.id === run.id)));
      expect(new Set(reader.events.map(({ data }) => data.id)).size).toBe(reader.events.length);
      reader.close();
    });

  it('is filtered as the list is', async () => {
    const reader = await stream('?flow=nightly&state=failed');
    const [other, wanted] = [newRun(), newRun({ flow: 'nightly' })];
    await rig.publishRun('run.started', other);
    await rig.publishRun('run.started', wanted);
    await rig.publishRun('run.failed', next(wanted, 'failed'));
    await reader.until('the failed one', (events) => events.length > 0);
    expect(reader.events.map(({ data }) => [data.id, data.state])).toEqual([[wanted.id, 'failed']]);
    reader.close();
  });

  it('misses nothing that is committed late by a transaction that began early', async () => {
    const slow = new pg.Client({ connectionString: databaseUrl });
    await slow.connect();
    const reader = await stream();
    const [early, late] = [newRun({ flow: 'early' }), newRun({ flow: 'late' })];
    await rig.publishRun('run.started', early);
    await waitFor(async () => (await rig.get(`/api/runs/${early.id}`)).status === 200, { what: 'the run' });
    await reader.until('its start', (events) => events.some(({ data }) => data.id === early.id));
    await slow.query('BEGIN');
    await slow.query("UPDATE status.runs SET version = 2, snapshot = jsonb_set(snapshot, '{version}', '2'), change = pg_current_xact_id() WHERE id = $1", [early.id]);
    await rig.publishRun('run.started', late);
    await waitFor(async () => (await rig.get(`/api/runs/${late.id}`)).status === 200, { what: 'the later run' });
    await slow.query('COMMIT');
    await slow.end();
    await reader.until('both', (events) => events.some(({ data }) => data.id === early.id && data.version === 2) && events.some(({ data }) => data.id === late.id));
    reader.close();
  });

  it('refuses a cursor that is none', async () => {
    const { status, body } = await rig.get<{ errors: { parameter: string }[] }>('/api/runs/stream?cursor=x');
    expect([status, body.errors[0]?.parameter]).toEqual([400, 'cursor']);
  });

  it('holds for every reader at once', async () => {
    const readers = await Promise.all(Array.from({ length: 30 }, () => stream()));
    const runs = Array.from({ length: 20 }, () => newRun());
    await Promise.all(runs.map((run) => rig.publishRun('run.started', run)));
    for (const reader of readers) {
      await reader.until('all runs', (events) => runs.every((run) => events.some(({ data }) => data.id === run.id)));
      reader.close();
    }
  });
});
