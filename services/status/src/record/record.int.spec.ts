import { randomUUID } from 'node:crypto';
import { cloudEvent, type PlatformEvent, type RunChanged, type RunSnapshot, type RunStatus } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun, next, onBranch, step } from '../../test/runs.js';
import { runEvent, startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

/** What was told of a run, once the last of it is there. */
const toldOf = (run: string, last: string): Promise<string[]> => waitFor(async () => {
  const subjects = (await rig.told()).filter(({ event }) => event.subject === run).map(({ subject }) => subject);
  return subjects.includes(last) && subjects;
}, { what: `${last} of ${run}` });

/** A marker that is handled after all that was published before it. */
const settled = async (): Promise<void> => {
  const marker = newRun({ flow: 'marker' });
  await rig.publishRun('run.started', marker);
  await toldOf(marker.id, 'status.run.marker.running');
};

const finished = (id: string, some: Partial<PlatformEvent> = {}, fact = id) => cloudEvent<PlatformEvent>({
  id, source: '/connections/github', type: 'pipelinerun.finished', subject: '7', time: new Date(), correlationId: 'h', causationId: 'h', fact,
  data: { connection: 'github', platform: 'github', repository: 'acme/shop', run: { id: '7', attempt: 1 }, outcome: 'success', occurredAt: new Date().toISOString(), ...some },
});

describe('a join that started no run', () => {
  it('is told once, and lies on the timeline where its last event came from', async () => {
    const data = {
      join: randomUUID(), flow: 'release', key: 'abc', missing: ['scan'], came: [{ name: 'build', event: 'e' }], openedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:01:00.000Z',
      withinSeconds: 60, connection: 'github', repository: 'acme/joined', sha: 'abc',
    };
    const event = cloudEvent({ id: `${data.join}:missing`, source: '/services/router', type: 'join.missing', subject: data.join, time: new Date(), correlationId: data.join, causationId: 'e', data });
    for (const _ of [1, 2]) await rig.publish('events.router.join.missing', event);
    await settled();
    expect(await toldOf(data.join, 'status.join.release.missing')).toEqual(['status.join.release.missing']);
    const { body } = await rig.get<{ items: { id: string; type: string }[] }>('/api/events?repository=acme/joined');
    expect(body.items).toMatchObject([{ id: event.id, type: 'join.missing' }]);
  });
});

describe('the public feed', () => {
  it('tells each state that a run enters once, however often the events come', async () => {
    const started = newRun();
    const failed = next(started, 'failed', { reason: 'scan failed', steps: [step('scan', 'failed'), step('deploy', 'skipped')] });
    for (const _ of [1, 2, 3]) await rig.publishRun('run.started', started);
    await rig.publishRun('run.failed', failed);
    await rig.publish('events.router.run.failed', { ...cloudEvent({ id: `${failed.id}:again`, source: '/services/router', type: 'run.failed', subject: failed.id, time: new Date(), correlationId: failed.id, causationId: 'c', data: { run: failed } }) });
    await settled();
    expect(await toldOf(started.id, 'status.run.release.failed')).toEqual([
      'status.step.release.triggering', 'status.run.release.running',
      'status.step.release.failed', 'status.step.release.skipped', 'status.run.release.failed',
    ]);
  });

  it('tells once that a run waits on for something else, and not when an event of a router of before does not say so', async () => {
    const asks = (kind: 'approval' | 'freeze') => [{ ...step('deploy', 'waiting'), awaits: { kind } }];
    const asked = newRun({ state: 'waiting', steps: asks('approval') });
    const voted = next(asked, 'waiting');
    const frozen = next(voted, 'waiting', { steps: asks('freeze') });
    const done = next(frozen, 'cancelled', { steps: [step('deploy', 'cancelled')] });
    const tell = (type: string, run: RunSnapshot, data: Partial<RunChanged>) => rig.publish(`events.router.${type}`, runEvent(type, run, data));
    await tell('run.waiting', asked, { moved: ['deploy'], awaits: ['deploy'] });
    await tell('step.changed', voted, { previous: 'waiting', moved: [] });
    for (const _ of [1, 2]) await tell('step.changed', frozen, { previous: 'waiting', moved: [], awaits: ['deploy'] });
    await tell('run.cancelled', done, { previous: 'waiting', moved: ['deploy'] });
    await settled();
    await toldOf(asked.id, 'status.run.release.cancelled');
    const told = (await rig.told()).filter(({ event }) => event.subject === asked.id);
    expect(told.map(({ subject, event }) => [subject, (event.data as RunStatus).run.version, (event.data as RunStatus).awaits])).toEqual([
      ['status.step.release.waiting', 1, undefined], ['status.run.release.waiting', 1, undefined],
      ['status.step.release.waiting', 3, undefined], ['status.run.release.waiting', 3, ['deploy']],
      ['status.step.release.cancelled', 4, undefined], ['status.run.release.cancelled', 4, undefined],
    ]);
  });

  it('does not go back when an older version comes late', async () => {
    const started = newRun();
    const waiting = next(started, 'waiting');
    const done = next(next(waiting, 'running'), 'succeeded');
    await rig.publishRun('run.started', started);
    await rig.publishRun('run.succeeded', done);
    await toldOf(started.id, 'status.run.release.succeeded');
    await rig.publishRun('run.waiting', waiting);
    await settled();
    expect((await toldOf(started.id, 'status.run.release.succeeded')).filter((subject) => subject.startsWith('status.run.'))).toEqual([
      'status.run.release.running', 'status.run.release.succeeded',
    ]);
    const { body } = await rig.get<{ state: string; version: number }>(`/api/runs/${started.id}`);
    expect(body).toMatchObject({ state: 'succeeded', version: 4 });
  });

  it('says that a run recovered what the one before on its branch had broken, once', async () => {
    const branch = `fix-${randomUUID()}`;
    const end = async (state: 'failed' | 'succeeded' | 'cancelled', onto = branch): Promise<boolean> => {
      const run = newRun({ event: onBranch(onto) });
      const ended = next(run, state);
      await rig.publishRun(`run.${state}`, ended);
      await toldOf(run.id, `status.run.release.${state}`);
      const status = (await rig.told()).find(({ event, subject }) => event.subject === run.id && subject.startsWith('status.run.'))!;
      return (status.event.data as RunStatus).recovered;
    };
    expect(await end('succeeded')).toBe(false);
    expect(await end('failed')).toBe(false);
    expect(await end('succeeded', 'another')).toBe(false);
    expect(await end('cancelled')).toBe(false);
    expect(await end('succeeded')).toBe(true);
    expect(await end('succeeded')).toBe(false);
  });

  it('says so of a join too, whichever part came last each time, and while routers of two versions tell of its runs', async () => {
    const place = { repository: `acme/joined-${randomUUID()}`, branch: 'main' };
    const end = async (state: 'failed' | 'succeeded', last: string, pipeline: RunSnapshot['pipeline'] = place): Promise<boolean> => {
      const run = { ...next(newRun({ event: { ...onBranch('main'), repository: last }, pipeline }), state), version: 1 };
      await rig.publishRun(`run.${state}`, run);
      await toldOf(run.id, `status.run.release.${state}`);
      const told = (await rig.told()).find(({ event, subject }) => event.subject === run.id && subject.startsWith('status.run.'))!.event.data as RunStatus;
      expect(told.run.pipeline).toEqual(pipeline);
      return told.recovered;
    };
    const scans = `group/scan-${randomUUID()}`;
    expect(await end('failed', place.repository)).toBe(false);
    expect(await end('succeeded', scans, { ...place, branch: 'next' })).toBe(false);
    expect(await end('succeeded', scans)).toBe(true);
    expect(await end('failed', scans)).toBe(false);
    expect(await end('succeeded', place.repository)).toBe(true);
    // What one event started there is of the same pipeline; and a router of before moves on what one of now has begun.
    const [bad, good] = [newRun({ event: { ...onBranch('main'), repository: place.repository } }), newRun({ event: { ...onBranch('main'), repository: scans }, pipeline: place })];
    await rig.publishRun('run.failed', { ...next(bad, 'failed'), version: 1 });
    await toldOf(bad.id, 'status.run.release.failed');
    await rig.publishRun('run.started', good);
    await toldOf(good.id, 'status.run.release.running');
    await rig.publishRun('run.succeeded', next({ ...good, pipeline: undefined }, 'succeeded'));
    await toldOf(good.id, 'status.run.release.succeeded');
    expect((await rig.told()).find(({ event, subject }) => event.subject === good.id && subject.endsWith('.succeeded'))!.event.data).toMatchObject({ recovered: true });
  });

  it('tells a platform run once per fact, whoever saw it', async () => {
    const fact = `https://api.github.com/acme/shop/pipelinerun/${randomUUID()}/1/finished`;
    await rig.publish('events.github.pipelinerun.finished', finished(`hook-${fact}`, {}, fact));
    await rig.publish('events.github.pipelinerun.finished', finished(`poll-${fact}`, {}, fact));
    await settled();
    const told = (await rig.told()).filter(({ event }) => event.fact === fact);
    expect(told.map(({ subject }) => subject)).toEqual(['status.pipelinerun.github.success']);
    expect(told[0]!.id).toContain(fact);
  });
});

describe('an end of a platform run whose jobs are known', () => {
  it('is told once, however often the run ends anew after the same jobs, by whom ever and in which order', async () => {
    const key = `https://gitlab.example.com/acme/shop/pipelinerun/${randomUUID()}`;
    const tell = (id: string, at: string, jobsFinishedAt?: string) =>
      rig.publish('events.gitlab.pipelinerun.finished', finished(`${id}-${key}`, { connection: 'gitlab', platform: 'gitlab', jobsFinishedAt }, `${key}/${at}/finished`));
    await tell('poll', 't1');
    await tell('hook', 't1', '2026-11-24T08:03:50Z');
    await tell('after-status', 't2', '2026-11-24T08:03:50Z');
    await tell('poll-after-status', 't2');
    await settled();
    await tell('repeated', 't2', '2026-11-24T08:03:50Z');
    await tell('retried', 't3', '2026-11-24T08:09:50Z');
    await settled();
    expect((await rig.told()).filter(({ event }) => event.fact?.startsWith(key)).map(({ event }) => event.fact)).toEqual([`${key}/t1/finished`, `${key}/t3/finished`]);
  });
});

describe('what cannot be stored as it is', () => {
  it('a title with NUL and half a character is kept without them, and told', async () => {
    const fact = `https://api.github.com/acme/shop/pipelinerun/${randomUUID()}/1/finished`;
    await rig.publish('events.github.pipelinerun.finished', finished(`odd-${fact}`, { title: 'a\0b\ud800c', raw: { 'x\0': 'y\0' } }, fact));
    await settled();
    expect((await rig.told()).filter(({ event }) => event.fact === fact)).toHaveLength(1);
    const { body } = await rig.get<{ items: { fact: string; data: PlatformEvent }[] }>('/api/events?type=pipelinerun.finished');
    expect(body.items.find((event) => event.fact === fact)!.data).toMatchObject({ title: 'ab\ufffdc', raw: { x: 'y' } });
  });
});

describe('what cannot be read', () => {
  it('is not written down, and stops nothing behind it', async () => {
    const run = newRun({ flow: 'Not A Token' });
    await rig.publishRun('run.started', run);
    await settled();
    expect((await rig.get(`/api/runs/${run.id}`)).status).toBe(404);
  });
});
