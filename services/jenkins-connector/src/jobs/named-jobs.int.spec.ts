import { cloudEvent, factOf, runId } from '@stellwerk/contracts';
import { hookPlatforms } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startJobsRig, type JobsRig } from '../../spec/jobs-rig.js';

const SLOW = 90_000;
const both = (number: number): string[] => [`${number} started`, `${number} finished`];
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

let jobs: JobsRig;
/** Each case has a connection of its own, so that no breaker, share or health of one touches another. */
const connections: { name: string; spec: Record<string, unknown> }[] = [];
const name = async (connection: string, named: string[], more: Record<string, unknown> = {}): Promise<void> => {
  const at = connections.findIndex((one) => one.name === connection);
  connections.splice(at < 0 ? connections.length : at, at < 0 ? 0 : 1, { name: connection, spec: { jobs: named, ...more } });
  await jobs.rig.configure(connections);
};

beforeAll(async () => {
  jobs = await startJobsRig({
    'shop/e2e': {}, 'shop/many': {}, 'shop/again': {}, 'shop/away': {}, 'shop/closed': {}, 'shop/open': {}, 'shop/ours': {}, 'shop/heard': {}, 'shop/quiet': {}, 'shop/old': {},
    'org/app': { branches: ['main', 'feature/x'] }, 'wide/app': { branches: ['a', 'b', 'c', 'd', 'e'] },
  });
  await jobs.rig.configure([]);
  // Two replicas throughout: one reads.
  await Promise.all([jobs.rig.startConnector(), jobs.rig.startConnector()]);
}, 300_000);

afterAll(async () => jobs?.close());
afterEach(() => jobs.jenkins.faults.clear());

describe('builds of a named job', () => {
  it('that nobody told of are told, with the facts of their hooks; history is not', async () => {
    await jobs.ended('shop/e2e', await jobs.build('shop/e2e'));
    const runs = await jobs.build('shop/e2e', 'never');
    await name('first', ['shop/e2e']);
    await waitFor(() => jobs.told('shop/e2e').includes(`${runs} started`), { what: 'the build that runs' });
    const between = await jobs.build('shop/e2e');
    await waitFor(() => jobs.told('shop/e2e').includes(`${between} finished`), { what: 'the end of the build between' });
    await jobs.order(`/job/shop/job/e2e/${runs}/stop`);
    await waitFor(() => jobs.told('shop/e2e').length >= 4, { what: 'both builds' });
    await jobs.looked('shop/e2e');
    expect([...jobs.told('shop/e2e')].sort()).toEqual([...both(runs), ...both(between)].sort());
    expect(jobs.told('shop/e2e').indexOf(`${between} started`)).toBeLessThan(jobs.told('shop/e2e').indexOf(`${between} finished`));

    const origin = jobs.jenkins.url;
    const hooked = jobs.jenkins.sentHooks().map(({ body }) => JSON.parse(body)).filter(({ url, build }) => url === 'job/shop/job/e2e/' && build.number >= runs)
      .flatMap((body) => hookPlatforms.jenkins!.translate(body, { connection: 'hooks', platform: 'jenkins', origin, hookId: 'hooks:1', receivedAt: new Date(), headers: {} }).events);
    const startedBy = (facts: string[]): string[] => [...new Set(facts.map((fact) => runId('a-flow', 0, fact)))].sort();
    expect(startedBy(jobs.eventsOf('shop/e2e').map(({ fact }) => fact))).toEqual(startedBy(hooked.map(({ fact }) => fact)));
    expect(startedBy(hooked.map(({ fact }) => fact))).toHaveLength(4);
    const end = jobs.eventsOf('shop/e2e').at(-1)!;
    expect(end).toMatchObject({ id: `first:poll:${end.fact}`, source: '/connections/first', correlationid: end.id, data: { connection: 'first', outcome: 'cancelled', pipeline: 'e2e' } });
  }, SLOW);

  it('are found in every branch of a multibranch job, those made later too; one call where nothing is new', async () => {
    await jobs.ended('org/app/main', await jobs.build('org/app/main'));
    await name('branches', ['org']);
    await jobs.looked('org');
    const inFeature = await jobs.build('org/app/feature%2Fx');
    await waitFor(() => jobs.told('org/app/feature%2Fx').length === 2, { what: 'the build of the branch' });
    expect(jobs.eventsOf('org/app/feature%2Fx')[0]!.data).toMatchObject({ branch: 'feature/x', run: { number: inFeature } });
    jobs.catalog['org/app'] = { branches: ['main', 'feature/x', 'new'] };
    const first = await jobs.build('org/app/new');
    await waitFor(() => jobs.told('org/app/new').length === 2, { what: 'the first build of a new branch' });
    expect(jobs.told('org/app/new')).toEqual(both(first));
    const quiet = (await jobs.looks('org/app/main')).length;
    await jobs.looked('org');
    expect((await jobs.looks('org/app/main')).length).toBe(quiet);
    expect(jobs.told('org/app/main')).toEqual([]);
  }, SLOW);

  it('more than fifty between two looks are told once each', async () => {
    await name('many', ['shop/many'], { poll: { every: '5s' } });
    await waitFor(async () => (await jobs.looks('shop/many')).length > 0, { what: 'the first look' });
    await Promise.all(range(1, 130).map(async (n) => jobs.jenkins.push({ job: 'shop/many', parameters: { N: `many ${n}` }, milliseconds: 20 })));
    await waitFor(() => jobs.told('shop/many').length >= 260, { what: '130 builds', timeoutMs: 40_000 });
    await jobs.looked('shop/many');
    expect([...jobs.told('shop/many')].sort()).toEqual(range(1, 130).flatMap(both).sort());
  }, SLOW);

  it('go on to be told when the job was deleted and made again; the health says what that means', async () => {
    for (const _ of range(1, 3)) await jobs.ended('shop/again', await jobs.build('shop/again'));
    await name('again', ['shop/again']);
    await jobs.looked('shop/again');
    await jobs.order('/job/shop/job/again/doDelete');
    await waitFor(() => jobs.notesOf('again').some((note) => note.includes('not there')), { what: 'word of a job that is gone' });
    jobs.catalog['shop/again'] = {};
    expect(await jobs.build('shop/again')).toBe(1);
    await waitFor(() => jobs.told('shop/again').length === 2, { what: 'the first build of the new job' });
    await jobs.looked('shop/again');
    expect(jobs.told('shop/again')).toEqual(both(1));
    await waitFor(() => jobs.notesOf('again').some((note) => /count anew \(it was 3\)/.test(note)), { what: 'word of the numbers' });
    expect(jobs.notesOf('again').some((note) => note.includes('not there'))).toBe(false);
  }, SLOW);

  it('of a job that was renamed are told under its new name once it is named so, without its history', async () => {
    await name('renamed', ['shop/old']);
    await jobs.looked('shop/old');
    await jobs.ended('shop/old', await jobs.build('shop/old'));
    await waitFor(() => jobs.told('shop/old').length === 2, { what: 'a build before' });
    await jobs.order('/job/shop/job/old/confirmRename?newName=new');
    await waitFor(() => jobs.notesOf('renamed').some((note) => note.startsWith('shop/old:') && note.includes('renamed')), { what: 'word of it' });
    await name('renamed', ['shop/new']);
    await jobs.looked('shop/new');
    const after = await jobs.build('shop/new');
    await waitFor(() => jobs.told('shop/new').length === 2, { what: 'a build after' });
    expect(jobs.told('shop/new')).toEqual(both(after));
  }, SLOW);

  it('that ran while Jenkins could not be reached are told once it is back', async () => {
    await name('away', ['shop/away']);
    await jobs.looked('shop/away');
    jobs.jenkins.faults.add({ kind: 'reset-before', path: '/job/shop/job/away/*', times: 0 });
    for (const _ of range(1, 3)) await jobs.ended('shop/away', await jobs.build('shop/away'));
    await waitFor(async () => (await jobs.jenkins.journal()).filter(({ path, fault }) => fault === 'reset-before' && path.startsWith('/job/shop/job/away')).length >= 3, { what: 'looks in vain' });
    expect(jobs.told('shop/away')).toEqual([]);
    jobs.jenkins.faults.clear();
    await waitFor(() => jobs.told('shop/away').length >= 6, { what: 'all three', timeoutMs: 60_000 });
    expect([...jobs.told('shop/away')].sort()).toEqual(range(1, 3).flatMap(both).sort());
  }, SLOW);

  it('are found though another job of the connection is refused, which the health says as long as it is so', async () => {
    jobs.jenkins.faults.add({ kind: 'status', path: '/job/shop/job/closed/*', status: 403, times: 0, body: 'robot is missing the Job/Read permission' });
    await name('refused', ['shop/closed', 'shop/open']);
    await jobs.looked('shop/open');
    await waitFor(() => jobs.notesOf('refused').some((note) => /^shop\/closed: .*Job\/Read/.test(note)), { what: 'word of the refusal' });
    const open = await jobs.build('shop/open');
    await waitFor(() => jobs.told('shop/open').length === 2, { what: 'the other job' });
    expect(jobs.told('shop/open')).toEqual(both(open));
    jobs.jenkins.faults.clear();
    await waitFor(() => jobs.notesOf('refused').length === 0, { what: 'no word of it' });
  }, SLOW);

  it('that a command of ours started are told by their tracker alone, with the command', async () => {
    await name('ours', ['shop/ours']);
    await jobs.looked('shop/ours');
    const sent = await jobs.rig.send('ours', { with: { job: 'shop/ours' } });
    await jobs.rig.followed(sent, 'pipelinerun.finished');
    await jobs.looked('shop/ours');
    const ends = jobs.eventsOf('shop/ours').filter(({ type }) => type.includes('finished'));
    expect(ends.map(({ data }) => data.correlation)).toEqual([sent.id]);
  }, SLOW);
});

describe('looks at named jobs', () => {
  it('come once an interval whatever the number of replicas', async () => {
    await name('quiet', ['shop/quiet'], { poll: { every: '2s' } });
    await waitFor(async () => (await jobs.looks('shop/quiet')).length >= 4, { what: 'four looks', timeoutMs: 30_000 });
    const times = await jobs.looks('shop/quiet');
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_900);
  }, SLOW);

  it('come a quarter as often once a hook has told of the job, and come all the same', async () => {
    await name('heard', ['shop/heard']);
    await jobs.looked('shop/heard');
    const fact = factOf({ origin: jobs.jenkins.url, repository: 'shop/heard', kind: 'pipelinerun', id: '7', attempt: 1, predicate: 'finished' });
    await jobs.rig.hook(cloudEvent({
      id: 'heard:1:pipelinerun.finished', source: '/connections/heard', type: 'pipelinerun.finished', subject: '7', time: new Date(), correlationId: 'heard:1', causationId: 'heard:1', fact,
      data: { connection: 'heard', platform: 'jenkins', repository: 'shop/heard', run: { id: '7', attempt: 1 }, outcome: 'success', occurredAt: new Date().toISOString() },
    }));
    const lastGap = async (): Promise<number> => {
      const [before, last] = (await jobs.looks('shop/heard')).slice(-2);
      return last! - before!;
    };
    await waitFor(async () => (await lastGap()) >= 3_900, { what: 'a look that waited' });
    const lost = await jobs.build('shop/heard');
    await waitFor(() => jobs.told('shop/heard').includes(`${lost} finished`), { what: 'a build whose hook was lost' });
  }, SLOW);

  it('take a fifth of the calls that the connection may have at once', async () => {
    for (const branch of ['a', 'b', 'c', 'd', 'e']) await jobs.ended(`wide/app/${branch}`, await jobs.build(`wide/app/${branch}`));
    jobs.jenkins.faults.add({ kind: 'delay', path: '/job/wide/job/app/job/*', delayMs: 300, times: 0 });
    await name('wide', ['wide/app'], { limits: { concurrency: 5, timeout: '2s' } });
    const reads = async (): Promise<number[]> => (await Promise.all(['a', 'b', 'c', 'd', 'e'].map((branch) => jobs.looks(`wide/app/${branch}`)))).flat().sort((one, other) => one - other);
    await waitFor(async () => (await reads()).length === 5, { what: 'a look at each branch', timeoutMs: 30_000 });
    const times = await reads();
    expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThanOrEqual(290);
  }, SLOW);
});
