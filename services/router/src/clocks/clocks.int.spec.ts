import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';
import { toldBy } from '../../test/told-by.js';

const minutesAgo = (minutes: number): Date => new Date(Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000);
/** Daily, at the minute of this time. */
const cronOf = (at: Date): string => `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;

const RECENT = minutesAgo(10);
const LONG_AGO = minutesAgo(75);

const flow = (name: string, trigger: string, more = ''): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [${trigger}]
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main${more} } }
`;

const NIGHTLY = '{ event: pipelinerun.finished, from: github, repository: acme/nightly }';
const absent = (name: string, filters: string, time: string, more = ''): string => flow(name, `{ absent: ${filters}, for: ${time} }`, more);

const SCHEDULES = ['recent', 'killed'].map((name) => flow(name, `{ schedule: "${cronOf(RECENT)}" }`)).join('') + flow('long-ago', `{ schedule: "${cronOf(LONG_AGO)}" }`);
const flows = (more: string): string => `${SCHEDULES}${absent('nightly', NIGHTLY, '4s')}${more}`;

let rig: RouterRig;
let routers: RouterProcess[] = [];

beforeAll(async () => {
  rig = await startRouterRig(flows(absent('edited', '{ event: pipelinerun.finished, from: jenkins }', '26h')));
  routers = await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const stopAll = async (): Promise<void> => { await Promise.all(routers.splice(0).map((router) => router.stop())); };

interface Row { id: string; since: Date; due_at: Date | null }

const clock = (name: string): Promise<Row> =>
  waitFor(async () => (await rig.database.query<Row>('SELECT id, since, due_at FROM trigger_clocks WHERE flow = $1', [name])).rows[0], { what: `the clock of ${name}` });

/** As after a pause: nobody has looked at it for two hours. */
const pause = (name: string): Promise<unknown> =>
  rig.database.query("UPDATE trigger_clocks SET since = now() - interval '2 hours', due_at = now() - interval '2 hours' WHERE flow = $1", [name]);

const looked = (name: string): Promise<unknown> => waitFor(async () => (await clock(name)).due_at! > new Date(), { what: `${name} to be looked at`, timeoutMs: 30_000 });

/** Our own events that a flow was started by; there is one at least. */
const told = (type: string, name: string) => waitFor(async () => {
  const found = (await rig.stream<{ payload: Record<string, unknown> }>('EVENTS')).filter((event) => event.type.includes(type) && event.id.startsWith(`${name}:`));
  return found.length > 0 && found;
}, { what: `${type} of ${name}` });

describe('a schedule', () => {
  it('does not start for an instant before its flow was there', async () => {
    await Promise.all(['recent', 'long-ago'].map((name) => clock(name)));
    expect(await rig.runs('recent')).toEqual([]);
  });

  it('starts once for the latest instant of the last hour, with two routers, and says so', async () => {
    await clock('recent');
    await pause('recent');
    await looked('recent');
    const run = await rig.soleRun('recent');
    expect((await rig.reaches(run, 'running')).event).toMatchObject({ type: 'schedule.fired', connection: '', title: `${cronOf(RECENT)} (UTC)` });
    const [fired] = await told('schedule.fired', 'recent');
    expect(fired).toMatchObject({ subject: run, time: RECENT.toISOString(), data: { cause: 'schedule', payload: { cron: cronOf(RECENT), zone: 'UTC' } } });
    await pause('recent');
    await looked('recent');
    expect(await rig.runs('recent')).toHaveLength(1);
  });

  it('lets an instant go that was longer ago', async () => {
    await pause('long-ago');
    await looked('long-ago');
    expect(await rig.runs('long-ago')).toEqual([]);
  });

  it('starts once though one router dies of it before its commit, and the next one after it', async () => {
    await clock('killed');
    await stopAll();
    await pause('killed');
    for (const failpoint of ['router.before-clock', 'router.after-clock']) await (await rig.start(failpoint)).exited;
    routers = [await rig.start()];
    const run = await rig.soleRun('killed');
    await rig.command(`${run}:go:run:1`);
    await looked('killed');
    expect(await rig.runs('killed')).toHaveLength(1);
    expect(await told('schedule.fired', 'killed')).toHaveLength(1);
  });
});

describe('an absence', () => {
  it('is found once, counted from the first load; a match ends it, and the next one is another', async () => {
    const first = await rig.soleRun('nightly');
    expect((await rig.reaches(first, 'running')).event).toMatchObject({ type: 'absence.detected', repository: 'acme/nightly' });
    await waitFor(async () => (await clock('nightly')).due_at === null, { what: 'it to wait for the next match' });
    expect(await rig.runs('nightly')).toHaveLength(1);
    await toldBy(rig, { platform: 'github', repository: 'acme/nightly', id: 'one', outcome: 'failure' });
    const matched = await waitFor(async () => { const { since, due_at } = await clock('nightly'); return due_at !== null && since; }, { what: 'the match' });
    await waitFor(async () => (await rig.runs('nightly')).length === 2, { what: 'the second absence', timeoutMs: 60_000 });
    await waitFor(async () => (await told('absence.detected', 'nightly')).some(({ data }) => data.payload['since'] === matched.toISOString()), { what: 'the word of it' });
  });

  it('is none while the match has come and waits to be handled, for whatever reason', async () => {
    await stopAll();
    await rig.deserted();
    await rig.database.query("UPDATE trigger_clocks SET since = now(), told = NULL, due_at = now() + interval '4 seconds' WHERE flow = 'nightly'");
    const { since } = await clock('nightly');
    await toldBy(rig, { platform: 'github', repository: 'acme/nightly', id: 'unheard' });
    await waitFor(async () => (await clock('nightly')).due_at! < new Date(), { what: 'its time to be over' });
    // Whoever takes the match waits for us: its key is in the inbox, and nobody knows whether it stays there.
    const holder = await rig.database.connect();
    await holder.query('BEGIN');
    await holder.query("INSERT INTO inbox (consumer, message_id) VALUES ('router-events', 'github:unheard:pipelinerun.finished')");
    routers = [await rig.start()];
    await pause('recent');
    await looked('recent');
    await holder.query('ROLLBACK');
    holder.release();
    await waitFor(async () => (await clock('nightly')).since > since, { what: 'the match to be heard' });
    // Of the time after the match an absence may be told by now; none is of the time before it.
    expect((await told('absence.detected', 'nightly')).map(({ data }) => data.payload['since'])).not.toContain(since.toISOString());
  });

  it('goes on counting over revisions of its flow, also of itself', async () => {
    const before = await clock('edited');
    const revised = absent('edited', '{ event: pipelinerun.finished, from: jenkins }', '26h', ', inputs: { a: "1" }');
    await rig.configure(flows(revised));
    expect(await clock('edited')).toEqual(before);
    await rig.configure(flows(absent('edited', '{ event: pipelinerun.finished, from: jenkins, branches: main }', '27h')));
    const { rows } = await waitFor(async () => {
      const found = await rig.database.query<Row>('SELECT id, since, due_at FROM trigger_clocks WHERE flow = $1 AND id <> $2', ['edited', before.id]);
      return found.rowCount === 1 && found;
    }, { what: 'the clock of the edited trigger' });
    expect(rows[0]!.since).toEqual(before.since);
    expect(rows[0]!.due_at!.getTime() - before.since.getTime()).toBe(27 * 3_600_000);
  });
});
