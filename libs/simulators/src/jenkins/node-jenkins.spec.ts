import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, until } from '../spec/hook-receiver.js';
import { startJenkinsSimulator } from './jenkins.simulator.js';

type Named = Record<string, unknown>;

/** What is used of npm `jenkins`, which brings no types. */
interface Client {
  info(): Promise<Named>;
  crumbIssuer: { get(): Promise<Named> };
  build: {
    get(job: string | string[], number: number, options?: Named): Promise<Named>;
    stop(job: string | string[], number: number): Promise<void>;
    term(job: string | string[], number: number): Promise<void>;
  };
  job: {
    build(options: Named): Promise<number>;
    exists(options: { name: string[] }): Promise<boolean>;
    get(options: Named): Promise<Named>;
    list(job?: string): Promise<{ name: string }[]>;
  };
  queue: { item(number: number): Promise<Named>; cancel(number: number): Promise<void>; list(): Promise<{ id: number }[]> };
}

const Jenkins = createRequire(import.meta.url)('jenkins') as new (options: Named) => Client;
const E2E = ['shop', 'e2e'];

describe.each([
  { login: 'an API token', credentials: 'robot:api-token', crumbs: false },
  { login: 'a password and crumbs', credentials: 'robot:pass', crumbs: true },
])('a user of npm jenkins with $login finds in the Jenkins simulator what Jenkins shows', ({ credentials, crumbs }) => {
  let jenkins: RunningSimulator;
  let client: Client;

  beforeEach(async () => {
    jenkins = await startJenkinsSimulator({
      journalFile: freshJournal(), user: 'robot', token: 'api-token', password: 'pass', runMilliseconds: 40,
      jobs: { 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] }, 'shop/plain': {}, 'shop/api': { branches: ['main', 'feature/x'], parameters: ['SHA'] } },
    });
    client = new Jenkins({ baseUrl: jenkins.url.replace('//', `//${credentials}@`), crumbIssuer: crumbs });
  });
  afterEach(() => jenkins.close());

  const started = (item: number) => until('the build to start', async () => (await client.queue.item(item))['executable'] as { number: number; url: string });
  const ended = (job: string[], number: number) =>
    until('the build to end', async () => {
      const build = await client.build.get(job, number);
      return build['building'] === false && build;
    });

  it('builds with parameters, follows the queue item to the build, and reads its end', async () => {
    const item = await client.job.build({ name: E2E, parameters: { SHA: 'a b&c=ü', STELLWERK_ID: 'run:e2e:run:1', UNKNOWN: 'x' } });
    const { number, url } = await started(item);
    expect(await ended(E2E, number)).toMatchObject({ number, url, result: 'SUCCESS', queueId: item, building: false, inProgress: false });
    const tree = 'number,result,actions[parameters[name,value]]';
    const cut = await client.build.get(E2E, number, { tree });
    expect(Object.keys(cut).sort()).toEqual(['_class', 'actions', 'number', 'result']);
    expect((cut['actions'] as Named[]).flatMap((action) => (action['parameters'] as Named[] | undefined) ?? [])).toMatchObject([
      { name: 'SHA', value: 'a b&c=ü' }, { name: 'STELLWERK_ID', value: 'run:e2e:run:1' },
    ]);
  });

  it('lists the builds of a job, as many as it asks for, newest first', async () => {
    for (const sha of ['1', '2', '3']) await ended(E2E, (await started(await client.job.build({ name: E2E, parameters: { SHA: sha } }))).number);
    const { builds, nextBuildNumber } = await client.job.get({ name: E2E, tree: 'nextBuildNumber,builds[number,result]{0,2}' });
    expect([builds, nextBuildNumber]).toMatchObject([[{ number: 3, result: 'SUCCESS' }, { number: 2 }], 4]);
    expect(builds).toHaveLength(2);
  });

  it('finds its way through folders and branches', async () => {
    expect(await client.info()).toMatchObject({ useCrumbs: true, jobs: [{ name: 'shop' }] });
    expect((await client.job.list('shop')).map(({ name }) => name)).toEqual(['e2e', 'plain', 'api']);
    const there = [E2E, ['shop'], ['shop', 'api', 'feature%2Fx'], ['shop', 'gone'], ['shop', 'api', 'feature']];
    expect(await Promise.all(there.map((name) => client.job.exists({ name })))).toEqual([true, true, true, false, false]);
    await expect(client.job.get({ name: ['shop', 'gone'] })).rejects.toMatchObject({ notFound: true });
    await expect(client.build.get(E2E, 99)).rejects.toMatchObject({ notFound: true });
    await expect(client.job.build({ name: ['shop', 'gone'] })).rejects.toMatchObject({ notFound: true });
  });

  it('stops and terminates builds, and takes one out of the queue', async () => {
    jenkins.outcomes.always('shop/plain', { result: 'never' } as never);
    for (const end of ['stop', 'term'] as const) {
      const { number } = await started(await client.job.build({ name: ['shop', 'plain'] }));
      await client.build[end](['shop', 'plain'], number);
      expect(await ended(['shop', 'plain'], number)).toMatchObject({ result: 'ABORTED' });
    }
    jenkins.outcomes.always('shop/e2e', { result: 'SUCCESS', milliseconds: 60_000 });
    const waiting = await client.job.build({ name: E2E, parameters: { SHA: '1' } });
    expect((await client.queue.list()).map(({ id }) => id)).toEqual([waiting]);
    await client.queue.cancel(waiting);
    expect([await client.queue.list(), await client.queue.item(waiting)]).toMatchObject([[], { cancelled: true }]);
  });

  it('is told the version on the dashboard, and who it is', async () => {
    const headers = { authorization: `Basic ${btoa(credentials)}` };
    const [dashboard, me] = [await fetch(jenkins.url, { headers }), await fetch(`${jenkins.url}/me/api/json`, { headers })];
    expect([dashboard.status, dashboard.headers.get('x-jenkins'), await dashboard.text()]).toEqual([200, expect.stringMatching(/^\d+\.\d+/), expect.not.stringContaining('ERROR')]);
    expect(await me.json()).toMatchObject({ fullName: 'robot' });
    const types = await Promise.all(['/api/json', '/queue/api/json'].map(async (path) => (await fetch(`${jenkins.url}${path}`, { headers })).headers.get('content-type')));
    expect(types).toEqual(['application/json;charset=utf-8', 'application/json;charset=utf-8']);
  });

  it('needs a crumb with a password only', async () => {
    expect(await client.crumbIssuer.get()).toMatchObject({ crumbRequestField: 'Jenkins-Crumb', crumb: expect.stringMatching(/^\w{64}$/) });
    const bare = new Jenkins({ baseUrl: jenkins.url.replace('//', `//${credentials}@`), crumbIssuer: false });
    const build = bare.job.build({ name: ['shop', 'plain'] });
    if (crumbs) await expect(build).rejects.toMatchObject({ res: { statusCode: 403 } });
    else expect(await build).toBeGreaterThan(0);
  });
});
