import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalChanged, OrderReply, RunChanged } from '@stellwerk/contracts';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const flow = (name: string, steps: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/${name} }]
  report: []
  steps:${steps}
`;

const GO = 'uses: gitlab/trigger-pipeline, with: { project: any, ref: main }';
const SCAN = 'wait: { event: pipelinerun.finished, from: github, repository: acme/scan, outcome: success, key: "${{ event.sha }}", within: 1h }';

const FROZEN = 'apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: vault }\nspec: { freeze: [{ from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z, reason: for good }] }\n---\n';

const FLOWS = [
  'apiVersion: stellwerk.dev/v1\nkind: Environment\nmetadata: { name: production }\nspec: { approve: { by: alice } }\n',
  flow('asks', `\n    ask: { approve: { by: [alice, bob, "team:release"], count: 2, not-author: true, within: 1h } }\n    go: { needs: [ask], ${GO} }`),
  flow('waits', `\n    build: { ${GO} }\n    scan: { needs: [build], ${SCAN} }\n    go: { needs: [scan], ${GO} }`),
  flow('pauses', `\n    pause: { wait: 1s }\n    go: { needs: [pause], ${GO} }`),
  flow('thaws', `\n    deploy: { environment: vault, ${GO} }`),
  flow('deploys', `\n    deploy: { environment: production, ${GO} }`),
].join('');

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FROZEN + FLOWS); }, 180_000);

afterAll(() => rig?.stop());

let begun = 0;

/** A new run, and the commit that it is about. */
const begin = async (name: string, more: Parameters<RouterRig['github']>[1] = {}): Promise<{ run: string; sha: string }> => {
  const before = (await rig.runs(name)).length;
  const sha = String(begun += 1).padStart(40, '0');
  await rig.github(`${name}-${begun}`, { repository: `acme/${name}`, sha, ...more });
  const runs = await waitFor(async () => { const all = await rig.runs(name); return all.length > before && all; }, { what: `a run of ${name}`, timeoutMs: 30_000 });
  return { run: runs.at(-1)!.id, sha };
};

const vote = (run: string, by: string, more: object = {}): Promise<OrderReply> =>
  rig.ask('router.approve', { approval: `${run}:ask:approval:1`, decision: 'approve', by, teams: [], from: '10.0.0.1', ...more });

const votesOn = async (run: string): Promise<string[]> =>
  (await rig.database.query('SELECT person, decision FROM approval_votes WHERE approval LIKE $1 ORDER BY voted_at', [`${run}:%`])).rows.map(({ person, decision }) => `${person} ${decision}`);

const toldOf = async (run: string) =>
  (await rig.stream<ApprovalChanged>('EVENTS')).filter(({ subject }) => subject.startsWith(`${run}:`) && subject.includes(':approval:')).map(({ type, data }) => `${type.split('.').at(-2)} ${data.approval.state} ${data.approval.version}`);

const builds = async (run: string): Promise<void> => {
  await rig.answer(await rig.command(`${run}:build:run:1`), 'accepted', { id: `build-${run}` });
  await rig.pipeline(`build-${run}`, 'finished', { outcome: 'success' });
};

/** A router takes this news and dies of it. */
const dies = async (failpoint: string, news: () => Promise<unknown>): Promise<void> => {
  const router = await rig.start(failpoint);
  // A request is not answered by the dead; that takes longer to be known than the death.
  void news().catch(() => undefined);
  const { signal } = await router.exited;
  if (signal !== 'SIGKILL') throw new Error(`the router did not die of ${failpoint}:\n${router.output()}`);
  await rig.deserted();
};

const FAILPOINTS = ['router.before-commit', 'router.after-commit'];

/** Runs that wait: for an event, two of them; for people, of whom one has approved; for a time. The router that began them is no more. */
const waitingRuns = async () => {
  const router = await rig.start();
  const scans = [await begin('waits'), await begin('waits')];
  for (const { run } of scans) await builds(run);
  const [asked, paused] = [await begin('asks'), await begin('pauses')];
  for (const { run } of [...scans, asked]) await rig.reaches(run, 'waiting');
  expect(await vote(asked.run, 'alice')).toMatchObject({ status: 202, detail: '1 of 2 have approved' });
  router.child.kill('SIGKILL');
  await router.exited;
  await rig.deserted();
  return { scans, asked: asked.run, paused: paused.run };
};

describe('routers that are killed', () => {
  it('lose neither an event that a run waits for, nor a vote, nor a clock, and start nothing twice', async () => {
    const { scans, asked, paused } = await waitingRuns();
    const scanned = ({ sha }: { sha: string }) => rig.github(`scan-${sha}`, { repository: 'acme/scan', sha });
    for (const [at, failpoint] of FAILPOINTS.entries()) await dies(failpoint, () => scanned(scans[at]!));
    await dies('router.order-committed', () => vote(asked, 'bob'));
    const alive = await rig.start();
    // What the dead held comes again when its ack is overdue; a platform that tells it twice is as good, and sooner.
    await Promise.all(scans.map(scanned));
    // The dead did not answer; whoever votes again hears what came of it, and votes for nothing a second time.
    expect(await vote(asked, 'bob')).toMatchObject({ ok: true, status: 202, detail: expect.stringContaining('the approval is approved') });
    expect(await vote(asked, 'bob', { decision: 'deny' })).toMatchObject({ ok: false, status: 409 });
    for (const run of [...scans.map((scan) => scan.run), asked, paused]) await rig.command(`${run}:go:run:1`);
    expect(await votesOn(asked)).toEqual(['alice approve', 'bob approve']);
    await waitFor(async () => (await toldOf(asked)).length === 3, { what: 'all that is to be told' });
    expect(await toldOf(asked)).toEqual(['requested requested 1', 'voted requested 2', 'decided approved 3']);
    for (const { run } of scans) expect((await rig.commands({ run, step: 'go' })).map(({ id }) => id)).toEqual([`${run}:go:run:1`]);
    await alive.stop();
    // Five routers start here, one after the other: seconds on a machine with nothing else to do.
  }, 240_000);
});

describe('two routers', () => {
  beforeAll(async () => void await Promise.all([rig.start(), rig.start()]));

  it('count votes that race once each', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, async (_, at) => {
      await rig.github(`race-${at}`, { repository: 'acme/asks', actor: 'carol' });
    })).then(() => waitFor(async () => { const all = (await rig.runs('asks')).filter(({ state }) => state === 'waiting'); return all.length === 8 && all; }, { what: 'eight runs that wait' }));
    await Promise.all(runs.map(async ({ id }) => {
      const replies = await Promise.all(['alice', 'bob', 'alice', 'bob', 'alice'].map((by) => vote(id, by)));
      expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    }));
    for (const { id } of runs) {
      await rig.command(`${id}:go:run:1`);
      expect((await votesOn(id)).sort()).toEqual(['alice approve', 'bob approve']);
    }
    expect(await rig.commands({ flow: 'asks', purpose: 'run' })).toHaveLength((await rig.runs('asks')).length);
  });

  it('let only those vote who may, and a deny ends it', async () => {
    const { run } = await begin('asks', { actor: 'Bob' });
    expect(await vote(run, 'mallory', { teams: ['other'] })).toMatchObject({ ok: false, status: 403 });
    expect(await vote(run, 'bob')).toMatchObject({ ok: false, status: 403, detail: expect.stringContaining('not-author') });
    expect(await vote(run, 'dora', { teams: ['release'], decision: 'deny', comment: 'not\0 today\ud800' })).toMatchObject({ ok: true, status: 202 });
    expect(await rig.reaches(run, 'failed')).toMatchObject({ reason: 'step ask failed (failure): denied by dora: not today\ufffd', steps: [{ approval: { state: 'denied' } }, { state: 'skipped' }] });
    expect(await vote(run, 'alice')).toMatchObject({ ok: false, status: 409 });
    const { rows } = await rig.database.query('SELECT person, comment, address FROM approval_votes WHERE approval LIKE $1', [`${run}:%`]);
    expect(rows).toEqual([{ person: 'dora', comment: 'not today\ufffd', address: '10.0.0.1' }]);
    await expect(rig.database.query("UPDATE approval_votes SET decision = 'approve'")).rejects.toThrow('append-only');
    for (const approval of ['nothing', `${run}:ask:approval:2`, `${run}:go:approval:1`]) expect(await vote(run, 'alice', { approval })).toMatchObject({ ok: false, status: 404 });
  });

  it('ask for an environment before its first attempt', async () => {
    const { run } = await begin('deploys');
    expect((await rig.reaches(run, 'waiting')).steps[0]).toMatchObject({ awaits: { kind: 'approval' }, approval: { environment: 'production' } });
    expect(await rig.commands({ run })).toEqual([]);
    expect(await vote(run, 'alice', { approval: `${run}:deploy:approval:1` })).toMatchObject({ status: 202 });
    await rig.command(`${run}:deploy:run:1`);
  });

  it('bring each event to the runs of its key, before their turn too, and to no others', async () => {
    const early = await begin('waits');
    const other = await begin('waits');
    await rig.github(`scan-${early.sha}`, { repository: 'acme/scan', sha: early.sha });
    await waitFor(async () => (await rig.database.query("SELECT FROM runs WHERE id = $1 AND document->'steps'->1->'heard' IS NOT NULL", [early.run])).rowCount === 1, { what: 'the event to be noted' });
    await builds(early.run);
    await builds(other.run);
    await rig.command(`${early.run}:go:run:1`);
    expect((await rig.reaches(other.run, 'waiting')).reason).toContain(`waits for pipelinerun.finished of ${other.sha}`);
    expect(await rig.commands({ run: other.run, step: 'go' })).toEqual([]);
    expect(await rig.ask('router.cancel', { run: other.run, by: 'alice' })).toMatchObject({ status: 202 });
    const { rows } = await rig.database.query('SELECT run FROM event_waits WHERE run = ANY($1)', [[early.run, other.run]]);
    expect(rows).toEqual([{ run: early.run }]);
  });

  it('say that a run that waited for people waits on, for the end of a freeze that has begun', async () => {
    const { run } = await begin('deploys');
    await rig.reaches(run, 'waiting');
    await rig.configure(`${FROZEN}${FLOWS.replace('approve: { by: alice }', 'approve: { by: alice }, freeze: [{ from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z }]')}`);
    expect(await vote(run, 'alice', { approval: `${run}:deploy:approval:1` })).toMatchObject({ status: 202 });
    const told = await waitFor(async () => (await rig.stream<RunChanged>('EVENTS')).find(({ id }) => id === `${run}:2`), { what: 'the second version' });
    expect(told.data).toMatchObject({ previous: 'waiting', moved: [], awaits: ['deploy'], run: { state: 'waiting', steps: [{ awaits: { kind: 'freeze' } }] } });
    await rig.configure(FROZEN + FLOWS);
  });

  it('let a deployment go when its freeze was lifted', async () => {
    const { run } = await begin('thaws');
    expect((await rig.reaches(run, 'waiting')).reason).toContain('environment vault is frozen until 2100-01-01T00:00:00.000Z: for good');
    await rig.configure(`${FROZEN.replace(/spec:.*/, 'spec: {}')}${FLOWS}`);
    expect(await rig.commands({ run })).toEqual([]);
    // It is looked at again within five minutes: here, at once.
    expect((await rig.database.query('UPDATE timers SET due_at = now() WHERE run = $1 AND key = $2', [run, 'deploy:gate'])).rowCount).toBe(1);
    await rig.command(`${run}:deploy:run:1`);
  });
});
