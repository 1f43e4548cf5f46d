import { join } from 'node:path';
import { Refused } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { startJenkinsSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JenkinsAdapter } from '../jenkins.adapter.js';

const adapter = new JenkinsAdapter();
const action = adapter.actions[0]!;
let jenkins: RunningSimulator;
let home: Awaited<ReturnType<typeof tempDir>>;

const call = (options: Partial<CallOptions>) => actionCall(adapter, { url: jenkins.url, action: 'start-build', token: 'api-token', user: 'robot', with: {}, ...options });

const handleOf = async (options: Partial<CallOptions>): Promise<string> => {
  const sent = await action.send(call(options));
  expect(sent).toMatchObject({ kind: 'accepted' });
  return (sent as { handle: string }).handle;
};

const built = (options: Partial<CallOptions>, handle: string) =>
  waitFor(async () => {
    const looked = await action.resolve!(call(options), handle);
    return looked.kind === 'found' && looked.run;
  }, { what: 'a build' });

const startJenkins = (queueForgetMilliseconds: number): ReturnType<typeof startJenkinsSimulator> => startJenkinsSimulator({
  journalFile: join(home.path, `forgets-after-${queueForgetMilliseconds}.jsonl`), user: 'robot', token: 'api-token', password: 'secret', runMilliseconds: 200, queueForgetMilliseconds,
  jobs: { 'shop/plain': {}, 'shop/e2e': { parameters: ['SHA', 'STELLWERK_ID'] }, 'shop/app': { branches: ['main', 'feature/x'] }, 'shop/off': { disabled: true } },
});

beforeEach(async () => {
  home = await tempDir('jenkins');
  jenkins = await startJenkins(50);
});
afterEach(async () => {
  await jenkins.close();
  await home.remove();
});

describe('starting a build', () => {
  it('goes from the queue item to the build', async () => {
    const of = { with: { job: 'shop/e2e', parameters: { SHA: 'abc' } } };
    const run = await built(of, await handleOf(of));
    expect(run).toMatchObject({ id: '1', repository: 'shop/e2e', attempt: 1, pipeline: 'e2e' });
    expect(JSON.stringify(jenkins.runs())).toContain('"SHA","value":"abc"');
  });

  it('starts a job without parameters, and drops what it does not declare', async () => {
    const of = { with: { job: 'shop/plain', parameters: { SHA: 'abc' } } };
    expect(await built(of, await handleOf(of))).toMatchObject({ repository: 'shop/plain' });
  });

  it('starts the branch of a multibranch job under the name that hooks have for it', async () => {
    const of = { with: { job: 'shop/app', branch: 'feature/x' } };
    expect(await built(of, await handleOf(of))).toMatchObject({ repository: 'shop/app/feature%2Fx', id: '1' });
  });

  it('fetches a crumb where a password is used, and starts one build', async () => {
    const of = { token: 'secret', with: { job: 'shop/plain' } };
    await built(of, await handleOf(of));
    expect(jenkins.runs()).toHaveLength(1);
  });

  it('is refused where Jenkins queues nothing', async () => {
    await expect(action.send(call({ with: { job: 'shop/off' } }))).rejects.toThrow(Refused);
    await expect(action.send(call({ with: { job: 'shop/nothing' } }))).rejects.toThrow(/404/);
  });

  it('is refused, with no scan started, where a multibranch job or a folder is named without what is to be built in it', async () => {
    await expect(action.send(call({ with: { job: 'shop/app' } }))).rejects.toThrow('shop/app is a multibranch job and `branch` is missing');
    await expect(action.send(call({ with: { job: 'shop' } }))).rejects.toThrow('shop is a folder');
    expect((await jenkins.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST')).toEqual([]);
  });

  it('starts the scan of a multibranch job for a step that waits for no build', async () => {
    const one = call({ with: { job: 'shop/app' } });
    await action.send({ ...one, command: { ...one.command, await: false } }).catch(() => undefined);
    expect((await jenkins.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST')).toHaveLength(1);
  });

  it('names the missing branch where Jenkins does not show what the job is', async () => {
    jenkins.faults.add({ kind: 'status', method: 'GET', path: '/job/shop/job/app/api/json', status: 403 });
    await expect(action.send(call({ with: { job: 'shop/app' } }))).rejects.toThrow(/queued nothing.*`branch` is missing/);
  });

  it('has started nothing when Jenkins merged it into an item that another command waits for', async () => {
    jenkins.outcomes.next('shop/plain', [{ result: 'SUCCESS', milliseconds: 60_000 }]); // A fifth of it in the queue.
    const handle = await handleOf({ with: { job: 'shop/plain' } });
    expect(await action.send(call({ with: { job: 'shop/plain' }, taken: [handle] }))).toMatchObject({ kind: 'not-started' });
  });

  it('finds the build of an item that Jenkins has forgotten', async () => {
    const of = { with: { job: 'shop/plain' } };
    const handle = await handleOf(of);
    await built(of, handle);
    await waitFor(async () => (await fetch(`${jenkins.url}/queue/item/${handle}/api/json`, { headers: { authorization: `Basic ${btoa('robot:api-token')}` } })).status === 404, { what: 'a forgotten item' });
    expect(await action.resolve!(call(of), handle)).toMatchObject({ kind: 'found', run: { id: '1' } });
  });

  it('says why its item waits in the queue, as Jenkins does', async () => {
    jenkins.outcomes.next('shop/plain', [{ result: 'SUCCESS', milliseconds: 60_000 }]); // A fifth of it in the queue.
    const of = { with: { job: 'shop/plain' } };
    const looked = await action.resolve!(call(of), await handleOf(of));
    expect(looked).toEqual({ kind: 'waiting', reason: expect.stringMatching(/\w/) });
  });

  it('says of an item cancelled in the queue that it was dropped', async () => {
    await jenkins.close();
    // As long as Jenkins itself.
    jenkins = await startJenkins(300_000);
    jenkins.outcomes.next('shop/plain', [{ result: 'SUCCESS', milliseconds: 60_000 }]); // A fifth of it in the queue.
    const of = { with: { job: 'shop/plain' } };
    const handle = await handleOf(of);
    await adapter.cancel(call(of).calls, { repository: 'shop/plain', handle });
    expect(await action.resolve!(call(of), handle)).toMatchObject({ kind: 'dropped' });
  });

  it('finds by its parameter what it cannot know the outcome of', async () => {
    const of = { with: { job: 'shop/e2e' }, sentAt: new Date() };
    expect(await action.lookUp!(call(of))).toEqual({ kind: 'absent' });
    await built(of, await handleOf(of));
    expect(await action.lookUp!(call(of))).toMatchObject({ kind: 'found', run: { id: '1' } });
    expect(await action.lookUp!(call({ ...of, commandId: '9b1c1f7e-0000-8000-8000-000000000001:step:run:1' }))).toEqual({ kind: 'absent' });
  });

  it('looks on where the newest hundred builds are others', async () => {
    jenkins.outcomes.always('shop/e2e', { result: 'SUCCESS', milliseconds: 1 });
    const of = { with: { job: 'shop/e2e' }, sentAt: new Date() };
    const run = await built(of, await handleOf(of));
    for (let n = 0; n < 130; n += 1) jenkins.push({ job: 'shop/e2e', parameters: { SHA: String(n) } });
    await waitFor(() => jenkins.runs().length === 131, { what: 'the other builds' });
    expect(await action.lookUp!(call(of))).toEqual({ kind: 'found', run });
  });

  it('goes one after the other where the job cannot carry our id', async () => {
    expect(await action.exclusive(call({ with: { job: 'shop/plain' } }))).toBe(true);
    expect(await action.exclusive(call({ with: { job: 'shop/e2e' } }))).toBe(false);
  });
});
