import type { RunSnapshot } from '@stellwerk/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOver, deadlocks, drive, lastTold, overfull } from '../../test/drive.js';
import { startRouterRig, type RouterRig, type Sent } from '../../test/router-rig.js';
import { concurrency, slotFlow } from '../../test/slot-flows.js';

const WAYS = ['queue', 'replace-queued', 'cancel-running', 'drop'] as const;
const STARTS = 50;
const LIMIT = 3;

let rig: RouterRig;
let sent: Sent[];
let told: RunSnapshot[];
const overfullSeen: unknown[] = [];

const isOver = async (): Promise<boolean> => {
  overfullSeen.push(...await overfull(rig, { main: LIMIT }));
  return allOver(rig, STARTS * WAYS.length);
};

beforeAll(async () => {
  rig = await startRouterRig(WAYS.map((way) => slotFlow(way, concurrency(way, LIMIT))).join('\n'));
  await Promise.all([rig.start(), rig.start()]);
  // All at once, one way between the others.
  await Promise.all(Array.from({ length: STARTS * WAYS.length }, (_, n) => rig.github(`start-${n}`, { repository: `acme/${WAYS[n % WAYS.length]}` })));
  sent = await drive(rig, isOver);
  told = await lastTold(rig);
}, 240_000);

afterAll(() => rig?.stop());

const ends = (flow: string): RunSnapshot[] => told.filter((run) => run.flow === flow);

const commandsOf = (flow: string, purpose: string): string[] => sent.filter(({ data }) => data.flow === flow && data.purpose === purpose).map(({ data }) => data.run);

describe(`${STARTS} starts of one group of ${LIMIT} at once, with two routers`, () => {
  it('never have more in it than may be, make no circle of waiting transactions, and leave no place behind', async () => {
    expect(overfullSeen).toEqual([]);
    expect(await deadlocks(rig)).toBe(0);
    expect((await rig.database.query('SELECT FROM slots')).rowCount).toBe(0);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  });

  it('queue: everybody has its turn, once', async () => {
    expect((await rig.runs('queue')).map(({ state }) => state)).toEqual(Array(STARTS).fill('succeeded'));
    expect(new Set(commandsOf('queue', 'run')).size).toBe(STARTS);
    expect(commandsOf('queue', 'run')).toHaveLength(STARTS);
  });

  it.each([['replace-queued', /^replaced by run \S+, which is newer in group "main"$/], ['drop', /^dropped: (group "main" is full: run \S+|others wait before it in group "main"$)/]] as const)('%s: who does not have its turn never began, and says why', (flow, reason) => {
    const runs = ends(flow);
    const gone = runs.filter(({ state }) => state === 'cancelled');
    expect(gone.filter((run) => run.startedAt !== undefined || !reason.test(run.reason!))).toEqual([]);
    const stayed = runs.filter(({ state }) => state === 'succeeded').map(({ id }) => id);
    expect([gone.length + stayed.length, stayed.length >= LIMIT, gone.length > 0]).toEqual([STARTS, true, true]);
    expect(commandsOf(flow, 'run').sort()).toEqual(stayed.sort());
    expect(commandsOf(flow, 'cancel')).toEqual([]);
  });

  it('cancel-running: whom newer ones push out has its platform run cancelled once, and the newest have their turn', () => {
    const runs = ends('cancel-running');
    const gone = runs.filter(({ state }) => state === 'cancelled');
    const stayed = runs.filter(({ state }) => state === 'succeeded');
    expect([gone.length + stayed.length, stayed.length >= LIMIT, gone.length > 0]).toEqual([STARTS, true, true]);
    expect(gone.every(({ reason }) => /^(cancelled|replaced) by run \S+, which is newer in group "main"$/.test(reason!))).toBe(true);
    const pushedOut = gone.filter(({ startedAt }) => startedAt !== undefined).map(({ id }) => id);
    expect(commandsOf('cancel-running', 'run').sort()).toEqual([...stayed.map(({ id }) => id), ...pushedOut].sort());
    // One that was cancelled before its platform had answered is told once more, as soon as its run can be named.
    const named = sent.filter(({ data }) => data.flow === 'cancel-running' && data.purpose === 'cancel' && data.platformRun !== undefined).map(({ data }) => data.run);
    expect(named.sort()).toEqual([...new Set(commandsOf('cancel-running', 'cancel'))].sort());
    expect(named.every((run) => pushedOut.includes(run))).toBe(true);
  });
});
