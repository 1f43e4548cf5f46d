import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND, startGithubRig, type GithubRig } from '../../spec/github-rig.js';

const sha = 'a'.repeat(40);
const keys = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const app = { id: '123', installation: '456', privateKey: { env: 'APP_KEY' } };
const asApp = { auth: { app }, token: keys.privateKey };
const report = COMMAND.replace(':step:run:1', ':report:report:');
let rig: GithubRig;
beforeEach(async () => void (rig = await startGithubRig('set-status', { app: { ...app, publicKey: keys.publicKey, tokenForm: 'new' } })));
afterEach(() => rig.close());

const of = (state: string, more = {}) => ({ with: { repository: 'acme/shop', sha, state, context: 'stellwerk/release', ...more } });
const send = (state: string, n: number, more: object = {}) => rig.action.send(rig.call({ ...asApp, ...of(state, more), commandId: `${report}${n}` }));
const checks = async () =>
  (await rig.ask<{ check_runs: Record<string, unknown>[] }>(`/repos/acme/shop/commits/${sha}/check-runs?filter=all`)).check_runs.map(({ name, status, conclusion, external_id: id }) => ({ name, status, conclusion, id }));

describe('setting the status of a commit', () => {
  it('with a token sets a commit status, its description cut to what GitHub takes', async () => {
    await rig.action.send(rig.call(of('success', { description: 'x'.repeat(200), target_url: 'https://x' })));
    expect(await rig.bodies('/statuses/')).toEqual([{ state: 'success', context: 'stellwerk/release', description: `${'x'.repeat(139)}…`, target_url: 'https://x' }]);
  });

  it('as an App makes one check run of our run, and ends it', async () => {
    await send('pending', 1, { description: 'Running', target_url: 'https://stellwerk/runs/1' });
    expect(await checks()).toEqual([{ name: 'stellwerk/release', status: 'in_progress', conclusion: null, id: `${report}1` }]);
    await send('success', 2);
    expect(await checks()).toEqual([{ name: 'stellwerk/release', status: 'completed', conclusion: 'success', id: `${report}2` }]);
    expect((await rig.bodies('/check-runs'))[0]).toMatchObject({ head_sha: sha, details_url: 'https://stellwerk/runs/1', output: { title: 'Running', summary: 'Running' } });
    expect(await rig.bodies('/statuses/')).toEqual([]);
  });

  it('twice as an App is no second check run', async () => {
    await send('pending', 1);
    await send('pending', 1);
    await send('failure', 2);
    await send('failure', 2);
    expect(await checks()).toEqual([{ name: 'stellwerk/release', status: 'completed', conclusion: 'failure', id: `${report}2` }]);
  });

  it('begins a new check run for another run, and for what goes on after its end', async () => {
    await send('error', 1);
    await send('pending', 2);
    await rig.action.send(rig.call({ ...asApp, ...of('success'), commandId: report.replace('9b1c', '0000') + '1' }));
    expect((await checks()).map(({ status, conclusion }) => [status, conclusion])).toEqual([['completed', 'success'], ['in_progress', null], ['completed', 'failure']]);
  });

  it('takes only the words there are', async () => {
    await expect(send('done', 1)).rejects.toThrow(/`state` is "done", expected one of pending, success, failure, error/);
  });
});
