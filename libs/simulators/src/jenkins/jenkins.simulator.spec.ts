import { createRequire } from 'node:module';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSimulator } from '../kit/types.js';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { startJenkinsSimulator } from './jenkins.simulator.js';

interface JenkinsClient {
  build: {
    get(job: string | string[], number: number): Promise<Record<string, unknown>>;
    stop(job: string | string[], number: number): Promise<void>;
  };
  job: { build(options: Record<string, unknown>): Promise<number>; get(options: { name: string[] }): Promise<Record<string, unknown>> };
  queue: { item(number: number): Promise<Record<string, unknown>>; cancel(number: number): Promise<void>; list(): Promise<unknown[]> };
}

const Jenkins = createRequire(import.meta.url)('jenkins') as new (options: Record<string, unknown>) => JenkinsClient;
const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

describe('the Jenkins simulator', () => {
  let jenkins: RunningSimulator;
  let client: JenkinsClient;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;
  const journalFile = freshJournal;

  const start = async (options: Record<string, unknown> = {}): Promise<void> => {
    jenkins = await startJenkinsSimulator({
      journalFile: journalFile(),
      hookUrl: receiver.url,
      user: 'robot',
      token: 'api-token',
      password: 'pass',
      hookSecret: KEY,
      runMilliseconds: 80,
      jobs: {
        'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] },
        'shop/plain': {},
        'shop/off': { disabled: true },
        'shop/api': { branches: ['main', 'feature/x'], parameters: ['SHA'] },
      },
      ...options,
    });
    client = new Jenkins({ baseUrl: jenkins.url.replace('//', '//robot:api-token@'), crumbIssuer: false });
  };
  beforeEach(async () => {
    receiver = await receiveHooks();
    await start();
  });
  afterEach(async () => {
    await jenkins.close();
    await receiver.close();
  });

  const executable = (item: number): Promise<{ number: number; url: string }> =>
    until('the build to leave the queue', async () => (await client.queue.item(item))['executable'] as { number: number; url: string });
  const ended = (job: string | string[], number: number): Promise<Record<string, unknown>> =>
    until('the build to end', async () => {
      const build = await client.build.get(job, number);
      return build['building'] === false && build;
    });

  it('lets a foreign client start a build, find it by its queue item and see its end', async () => {
    const item = await client.job.build({ name: ['shop', 'e2e'], parameters: { SHA: 'abc', STELLWERK_ID: 'run:e2e:run:1', UNDECLARED: 'x' } });
    const { number, url } = await executable(item);
    const build = await ended(['shop', 'e2e'], number);
    expect(build).toMatchObject({ number, url, result: 'SUCCESS', queueId: item });
    const parameters = (build['actions'] as { parameters?: { name: string }[] }[]).flatMap((action) => action.parameters ?? []);
    expect(parameters.map(({ name }) => name)).toEqual(['SHA', 'STELLWERK_ID']);
    expect((await fetch(url)).status).toBe(200);
  });

  it('takes equal waiting builds for one, and different ones for two', async () => {
    jenkins.outcomes.always('shop/e2e', { result: 'SUCCESS', milliseconds: 60_000 });
    const build = (id: string): Promise<number> => client.job.build({ name: 'shop/e2e', parameters: { SHA: 'abc', STELLWERK_ID: id } });
    const [first, same, other] = [await build('1'), await build('1'), await build('2')];
    expect(same).toBe(first);
    expect(other).not.toBe(first);
  });

  it('builds a branch of a multibranch job under its encoded name', async () => {
    const branch = ['shop', 'api', 'feature%2Fx'];
    const { number, url } = await executable(await client.job.build({ name: branch, parameters: { SHA: 'abc' } }));
    expect(url).toBe(`${jenkins.url}/job/shop/job/api/job/feature%252Fx/${number}/`);
    expect((await ended(branch, number))['result']).toBe('SUCCESS');
    expect(((await client.job.get({ name: ['shop', 'api'] }))['jobs'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'main',
      'feature%2Fx',
    ]);
  });

  it('stops a build and cancels a waiting one', async () => {
    jenkins.outcomes.next('shop/plain', ['never']);
    const { number } = await executable(await client.job.build('shop/plain' as never));
    await client.build.stop('shop/plain', number);
    expect((await ended('shop/plain', number))['result']).toBe('ABORTED');
    jenkins.outcomes.next('shop/plain', [{ result: 'SUCCESS', milliseconds: 60_000 }]);
    const waiting = await client.job.build('shop/plain' as never);
    await client.queue.cancel(waiting);
    expect(await client.queue.item(waiting)).toMatchObject({ cancelled: true, executable: null });
  });

  it('redirects to the page of a disabled job, and forgets a queue item after its time', async () => {
    const order = { method: 'POST', redirect: 'manual' as const, headers: { authorization: `Basic ${btoa('robot:api-token')}` } };
    const refused = await fetch(`${jenkins.url}/job/shop/job/off/build`, order);
    expect([refused.status, refused.headers.get('location')]).toEqual([302, `${jenkins.url}/job/shop/job/off/`]);
    await jenkins.close();
    await start({ queueForgetMilliseconds: 0 });
    const item = await client.job.build({ name: 'shop/e2e', parameters: { SHA: 'a' } });
    await until('the build', () => jenkins.runs().length === 1);
    await until('the item to be forgotten', () =>
      client.queue.item(item).then(
        () => false,
        () => true,
      ),
    );
    const found = await fetch(`${jenkins.url}/job/shop/job/e2e/api/json?tree=builds[number,queueId,actions[parameters[name,value]]]{0,5}`, {
      headers: order.headers,
    });
    expect(await found.json()).toMatchObject({ builds: [{ number: 1, queueId: item }] });
  });

  it('wants a crumb from a password and none from an API token; errors are pages', async () => {
    const withPassword = new Jenkins({ baseUrl: jenkins.url.replace('//', '//robot:pass@') });
    expect(await withPassword.job.build({ name: 'shop/e2e', parameters: { SHA: 'abc' } })).toBeGreaterThan(0);
    const bare = await fetch(`${jenkins.url}/job/shop/job/plain/build`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('robot:pass')}` },
    });
    expect([bare.status, (await bare.text()).includes('No valid crumb')]).toEqual([403, true]);
    const gone = await fetch(`${jenkins.url}/job/gone/api/json`, { headers: { authorization: `Basic ${btoa('robot:api-token')}` } });
    expect([gone.status, gone.headers.get('content-type'), gone.headers.has('x-jenkins')]).toEqual([404, 'text/html;charset=utf-8', true]);
    expect((await fetch(`${jenkins.url}/api/json`, { headers: { authorization: `Basic ${btoa('robot:wrong')}` } })).status).toBe(401);
  });

  it('posts QUEUED with STARTED, COMPLETED and FINALIZED, signed', async () => {
    jenkins.outcomes.next('shop/e2e', ['UNSTABLE']);
    await client.job.build({ name: 'shop/e2e', parameters: { SHA: 'abc', STELLWERK_ID: 'x' } });
    await until('four hooks', () => receiver.hooks.length === 4);
    const bodies = receiver.hooks.map((hook) => JSON.parse(hook.body) as { build: { phase: string; status?: string; full_url: string } });
    expect(bodies.map(({ build }) => build.phase).sort()).toEqual(['COMPLETED', 'FINALIZED', 'QUEUED', 'STARTED']);
    expect(bodies.find(({ build }) => build.phase === 'FINALIZED')).toMatchObject({
      name: 'e2e',
      url: 'job/shop/job/e2e/',
      build: { status: 'UNSTABLE', full_url: `${jenkins.url}/job/shop/job/e2e/1/`, parameters: { SHA: 'abc' } },
    });
    for (const hook of receiver.hooks) expect(() => new Webhook(KEY).verify(hook.body, hook.headers)).not.toThrow();
  });

  it('sends a bare token in the query when it has no key', async () => {
    await jenkins.close();
    await start({ hookSecret: undefined, hookToken: 'a b' });
    await client.job.build('shop/plain' as never);
    const hook = await until('a hook', () => receiver.hooks[0]);
    expect([new URL(hook.url, 'http://x').searchParams.get('token'), hook.headers['webhook-signature']]).toEqual(['a b', undefined]);
  });
});
