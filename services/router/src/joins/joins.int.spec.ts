import fc from 'fast-check';
import type { JoinMissing } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';
import { toldBy } from '../../test/told-by.js';

const PARTS = `
        build: { event: pipelinerun.finished, from: github, repository: REPOSITORY, outcome: success }
        scan: { event: pipelinerun.finished, from: gitlab, repository: REPOSITORY, outcome: success }
        e2e: { event: pipelinerun.finished, from: jenkins, repository: REPOSITORY, outcome: success }
      key: "\${{ event.sha }}"`;

const flow = (name: string, more: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on:
    - all:${PARTS.replaceAll('REPOSITORY', `acme/${name}`)}
${more}
  report: []
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main, variables: { BY: "\${{ has(events.e2e) ? events.e2e.run.id : 'nobody' }}" } } }
`;

const HELD = `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: held }
spec:
  on:
    - all: { build: { from: github, repository: acme/held }, scan: { from: gitlab, repository: any } }
      key: "\${{ event.sha }}"
      within: 2s
  steps:
    go: { uses: jenkins/start-build, with: { job: any } }
`;

/** Its parts are of two repositories, whose branches have other names. */
const spread = (name: string, within: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on:
    - all: { build: { from: github, repository: acme/${name} }, scan: { from: gitlab, repository: group/${name} } }
      key: "\${{ event.sha }}"
      within: ${within}
  report: []
  steps:
    go: { uses: jenkins/start-build, with: { job: spread } }
`;

const FLOWS = [HELD, spread('spread', '1h'), spread('sparse', '2s'), flow('release', '      within: 1h'), flow('quick', '      within: 2s'), flow('lenient', '      within: 2s\n      missing: start'), flow('silent', '      within: 2s\n      missing: ignore')].join('');

const PLATFORMS = ['github', 'gitlab', 'jenkins'] as const;

let rig: RouterRig;
let routers: RouterProcess[] = [];

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  routers = await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

const kill = async (router: RouterProcess | undefined): Promise<void> => {
  router!.child.kill('SIGKILL');
  await router!.exited;
};

const part = (name: string, key: string, platform: (typeof PLATFORMS)[number], delivery?: string): Promise<void> =>
  toldBy(rig, { platform, repository: `acme/${name}`, id: `${key}-${platform}`, sha: key, ...(delivery !== undefined && { delivery }) });

const joins = async (name: string): Promise<{ state: string; key: string }[]> =>
  (await rig.database.query("SELECT state, document->>'key' AS key FROM joins WHERE flow = $1 ORDER BY 2", [name])).rows;

/** The round of each join of this flow is over; there is one at least. */
const over = (name: string): Promise<unknown> =>
  waitFor(async () => { const all = await joins(name); return all.length > 0 && all.every(({ state }) => state === 'over'); }, { what: `the joins of ${name} to be over`, timeoutMs: 60_000 });

const missing = async (name: string): Promise<JoinMissing[]> =>
  (await rig.stream<JoinMissing>('EVENTS')).filter(({ type, data }) => type.includes('join.missing') && data.flow === name).map(({ data }) => data);

let examples = 0;

/** Five commits, each part told by two hooks of one delivery, one of another and a poll, in this order. */
const tellings = (order: readonly number[]): { keys: string[]; told: (() => Promise<void>)[] } => {
  const example = (examples += 1);
  const keys = Array.from({ length: 5 }, (_, n) => `${example}-${n}`);
  const told = keys.flatMap((key) => PLATFORMS.flatMap((platform) => ['hook', 'again', 'poll', 'hook'].map((delivery) => () => part('release', key, platform, `${key}-${delivery}`))));
  return { keys, told: told.map((tell, at) => ({ tell, place: order[at]! })).sort((a, b) => a.place - b.place).map(({ tell }) => tell) };
};

const shuffled = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 });

/** Which commits a run was started for, by what its step was given. */
const startedFor = async (): Promise<string[]> =>
  (await rig.commands({ flow: 'release', purpose: 'run' })).map(({ data }) => (data.with['variables'] as { BY: string }).BY).sort();

describe('a join of three platforms', () => {
  it('starts one run a commit, whatever the order, however often it is told, with two routers', () => fc.assert(
    fc.asyncProperty(shuffled, async (order) => {
      const before = await startedFor();
      const { keys, told } = tellings(order);
      await Promise.all(told.map((tell) => tell()));
      await rig.quiet(90_000);
      expect(await startedFor()).toEqual([...before, ...keys.map((key) => `${key}-jenkins`)].sort());
      expect(await joins('release')).toEqual(expect.arrayContaining(keys.map((key) => ({ key, state: 'complete' }))));
    }), { numRuns: 3, endOnFailure: true }), 240_000);

  it('shows each event on the run, and notes what comes once more before its time is over', async () => {
    for (const platform of PLATFORMS) await part('release', 'shown', platform);
    await rig.quiet();
    const run = (await rig.runs('release')).at(-1)!.id;
    const [first] = await rig.snapshots(run);
    expect(Object.fromEntries(Object.entries(first!.events!).map(([name, { id, type }]) => [name, [id, type]]))).toEqual({
      build: ['github:shown-github:pipelinerun.finished', 'pipelinerun.finished'], scan: ['gitlab:shown-gitlab:pipelinerun.finished', 'pipelinerun.finished'],
      e2e: ['jenkins:shown-jenkins:pipelinerun.finished', 'pipelinerun.finished'],
    });
    await toldBy(rig, { platform: 'gitlab', repository: 'acme/release', id: 'another-scan', sha: 'shown' });
    await rig.quiet();
    expect((await rig.snapshots(run)).at(-1)!.reason).toContain('another event for "scan" came after the run had started');
    expect((await rig.runs('release')).at(-1)!.id).toBe(run);
  });

  it('begins a second round when the first is over; what told the first begins none', async () => {
    for (const platform of PLATFORMS) await part('quick', 'rounds', platform);
    await rig.quiet();
    await over('quick');
    for (const platform of PLATFORMS) await part('quick', 'rounds', platform, `late-${platform}`);
    await rig.quiet();
    expect(await joins('quick')).toEqual([{ key: 'rounds', state: 'over' }]);
    expect(await rig.runs('quick')).toHaveLength(1);
    for (const platform of PLATFORMS) await toldBy(rig, { platform, repository: 'acme/quick', id: `second-${platform}`, sha: 'rounds' });
    await rig.quiet();
    expect(await rig.runs('quick')).toHaveLength(2);
    expect(await missing('quick')).toEqual([]);
  });
});

describe('a join of several repositories', () => {
  it('starts runs of one pipeline, whichever part came last, and says so in every version of them', async () => {
    for (const [sha, parts] of Object.entries({ 'scan-last': ['github', 'gitlab'], 'build-last': ['gitlab', 'github'] } as const)) {
      for (const platform of parts) {
        const from = platform === 'github' ? { repository: 'acme/spread' } : { repository: 'group/spread', branch: 'trunk' };
        await toldBy(rig, { ...from, platform, id: `${sha}-${platform}`, sha });
        await rig.quiet();
      }
    }
    const versions = await Promise.all((await rig.runs('spread')).map(({ id }) => rig.snapshots(id)));
    expect(versions.map(([first]) => first!.event.repository).sort()).toEqual(['acme/spread', 'group/spread']);
    for (const { pipeline } of versions.flat()) expect(pipeline).toEqual({ repository: 'acme/spread', branch: 'main' });
  }, 60_000);

  it('says of which pipeline a run is missing, where what did not come was named', async () => {
    await toldBy(rig, { platform: 'gitlab', repository: 'group/sparse', branch: 'trunk', id: 'only-scan', sha: 'only-scan' });
    const [told] = await waitFor(async () => { const all = await missing('sparse'); return all.length > 0 && all; }, { what: 'the word of what is missing', timeoutMs: 60_000 });
    expect(told).toMatchObject({ missing: ['build'], repository: 'group/sparse', branch: 'trunk', pipeline: { repository: 'acme/sparse', branch: 'trunk' } });
  }, 90_000);
});

describe('a join whose time is over', () => {
  it('says once who is missing, though a router dies of it', async () => {
    await Promise.all(routers.splice(0).map((router) => router.stop()));
    await rig.deserted();
    const doomed = await rig.start('router.before-clock');
    await part('quick', 'alone', 'github');
    await doomed.exited;
    await rig.deserted();
    routers = [await rig.start()];
    const [told] = await waitFor(async () => { const all = await missing('quick'); return all.length > 0 && all; }, { what: 'the word of what is missing', timeoutMs: 60_000 });
    expect(told).toMatchObject({ flow: 'quick', key: 'alone', missing: ['scan', 'e2e'], came: [{ name: 'build' }], repository: 'acme/quick', sha: 'alone', withinSeconds: 2 });
    await over('quick');
    await rig.quiet();
    expect(await missing('quick')).toHaveLength(1);
  }, 120_000);

  it('starts with what is there, or says nothing, as the flow says', async () => {
    for (const name of ['lenient', 'silent']) for (const platform of ['github', 'gitlab'] as const) await part(name, `k-${name}`, platform);
    await over('silent');
    await over('lenient');
    const run = await rig.soleRun('lenient');
    const sent = await rig.command(`${run}:go:run:1`);
    expect(sent.data.with['variables']).toEqual({ BY: 'nobody' });
    expect(Object.keys((await rig.reaches(run, 'running')).events!).sort()).toEqual(['build', 'scan']);
    expect(await rig.runs('silent')).toEqual([]);
    expect([...await missing('silent'), ...await missing('lenient')]).toEqual([]);
  });

  it('takes what came while no router was there: nothing is missing', async () => {
    await part('quick', 'pause', 'github');
    await rig.quiet();
    await Promise.all(routers.splice(0).map((router) => router.stop()));
    await rig.deserted();
    for (const platform of ['gitlab', 'jenkins'] as const) await part('quick', 'pause', platform);
    await waitFor(async () => (await rig.database.query("SELECT FROM joins WHERE document->>'key' = 'pause' AND due_at < now()")).rowCount === 1, { what: 'its time to be over' });
    routers = [await rig.start()];
    await over('quick');
    expect((await missing('quick')).map(({ key }) => key)).not.toContain('pause');
    expect(await rig.runs('quick')).toHaveLength(3);
  });

  it('is not fed by the runs of its own flow, which says so', async () => {
    const run = (await rig.runs('quick'))[0]!.id;
    const sent = await rig.command(`${run}:go:run:1`);
    await rig.answer(sent, 'accepted', { id: 'ours' });
    await toldBy(rig, { platform: 'gitlab', repository: 'acme/quick', id: 'ours', sha: 'circle', correlation: sent.id });
    await waitFor(async () => (await rig.snapshots(run)).at(-1)!.reason?.includes('was not started again by its own result'), { what: 'the note' });
    expect((await joins('quick')).map(({ key }) => key)).not.toContain('circle');
  });
});

describe('a part that is held, as a command of ours may have caused it', () => {
  it('keeps its round open until that is known', async () => {
    await toldBy(rig, { platform: 'github', repository: 'acme/held', id: 'build', sha: 'held' });
    // Commands of the runs before work there, and nobody has said yet what became of them.
    await toldBy(rig, { platform: 'gitlab', repository: 'any', id: 'scan', sha: 'held' });
    await waitFor(async () => (await rig.database.query("SELECT FROM joins WHERE flow = 'held' AND state = 'open' AND due_at > (document->>'endsAt')::timestamptz")).rowCount === 1, { what: 'its end to be put off' });
    expect(await rig.runs('held')).toEqual([]);
    for (const sent of await rig.commands({ platform: 'gitlab', purpose: 'run' })) await rig.answer(sent, 'rejected', { rejection: 'refused', reason: 'not here' });
    const run = await rig.soleRun('held');
    expect(Object.keys((await rig.reaches(run, 'running')).events!).sort()).toEqual(['build', 'scan']);
    expect(await missing('held')).toEqual([]);
  });
});

describe('a router killed in the middle of the parts', () => {
  it('loses none of them, and starts none twice', async () => {
    const { keys, told } = tellings(fc.sample(shuffled, { numRuns: 1, seed: 7 })[0]!);
    const before = (await startedFor()).length;
    await Promise.all([...told.map((tell) => tell()), kill(routers.shift())]);
    await rig.deserted();
    routers = [await rig.start()];
    // As a poll tells again what a hook told. What the dead one held comes again as well, when its ack is overdue: nobody waits for that here.
    for (const tell of told) await tell();
    await waitFor(async () => (await startedFor()).length >= before + keys.length, { what: 'a run for each commit', timeoutMs: 60_000 });
    expect((await startedFor()).filter((by) => keys.some((key) => by === `${key}-jenkins`))).toEqual(keys.map((key) => `${key}-jenkins`));
  }, 120_000);
});
