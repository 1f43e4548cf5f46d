import { join } from 'node:path';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { startJenkinsSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JenkinsAdapter } from '../jenkins.adapter.js';

const adapter = new JenkinsAdapter();
const action = adapter.actions.find(({ name }) => name === 'stop-build')!;
let jenkins: RunningSimulator;
let home: Awaited<ReturnType<typeof tempDir>>;

interface Shown {
  number: number;
  url: string;
  building: boolean;
  result: string | null;
}

const call = (values: Record<string, unknown>, options: Partial<CallOptions> = {}) =>
  actionCall(adapter, { url: jenkins.url, action: 'stop-build', token: 'api-token', user: 'robot', with: values, ...options });
const builds = () => jenkins.runs() as Shown[];
const running = async (order: Record<string, unknown>): Promise<number> => {
  jenkins.push({ result: 'never', milliseconds: 1, ...order });
  return (await waitFor(() => builds().find(({ building }) => building), { what: 'a build' })).number;
};
const posts = async () => (await jenkins.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST');
const stopped = (values: Record<string, unknown>) =>
  waitFor(async () => (await action.send(call(values))).kind === 'accepted', { what: 'the end of the build' });

beforeEach(async () => {
  home = await tempDir('jenkins');
  jenkins = await startJenkinsSimulator({
    journalFile: join(home.path, 'journal.jsonl'), user: 'robot', token: 'api-token', password: 'secret', runMilliseconds: 20,
    jobs: { 'shop/e2e': {}, 'shop/app': { branches: ['main', 'feature/x'] } },
  });
});
afterEach(async () => {
  await jenkins.close();
  await home.remove();
});

describe('stopping a build', () => {
  it('is done when the build has ended, not when Jenkins redirects', async () => {
    const number = await running({ job: 'shop/e2e' });
    expect(await action.send(call({ job: 'shop/e2e', number }))).toMatchObject({ kind: 'not-started', reason: `build ${number} of shop/e2e still runs` });
    expect((await posts())[0]!.answer?.status).toBe(302);
    await stopped({ job: 'shop/e2e', number });
    expect(builds()[0]).toMatchObject({ building: false, result: 'ABORTED' });
  });

  it('knows branches of a multibranch job by their name, and a number that a template wrote', async () => {
    const number = await running({ job: 'shop/app/feature%2Fx' });
    await stopped({ job: 'shop/app', branch: 'feature/x', number: String(number) });
    expect(builds()[0]).toMatchObject({ result: 'ABORTED' });
  });

  it('orders nothing where the build has ended', async () => {
    jenkins.push({ job: 'shop/e2e' });
    await waitFor(() => builds()[0]?.result === 'SUCCESS', { what: 'the end of a build' });
    expect(await action.send(call({ job: 'shop/e2e', number: 1 }))).toEqual({ kind: 'accepted' });
    expect(await posts()).toEqual([]);
  });

  it('fetches a crumb where a password is used', async () => {
    const number = await running({ job: 'shop/e2e' });
    await action.send(call({ job: 'shop/e2e', number }, { token: 'secret' }));
    await waitFor(() => builds()[0]!.result === 'ABORTED', { what: 'the end of the build' });
  });

  it('is refused where there is no such build', async () => {
    await expect(action.send(call({ job: 'shop/e2e', number: 99 }))).rejects.toThrow('no build 99 of shop/e2e');
    expect(() => action.target({ job: 'shop/e2e', number: 'last' })).toThrow(/whole number/);
  });
});
