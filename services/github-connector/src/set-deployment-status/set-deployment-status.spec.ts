import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
let deployment: number;
beforeEach(async () => {
  rig = await startGithubRig('set-deployment-status');
  deployment = (await rig.ask<{ id: number }>('/repos/acme/shop/deployments', { ref: 'main' })).id;
});
afterEach(() => rig.close());

const of = (state: string, more: Record<string, unknown> = {}) => ({ with: { repository: 'acme/shop', deployment, state, ...more } });
const send = (state: string, more = {}) => rig.action.send(rig.call(of(state, more)));
const lookUp = (state: string, sentAt: Date, more = {}) => rig.action.lookUp!(rig.call({ ...of(state, more), sentAt }));
const after = (ms: number) => new Date(Date.now() + ms);

describe('setting the status of a deployment', () => {
  it('says what the API takes, the description cut', async () => {
    await send('success', { 'log-url': 'https://x/log', 'environment-url': 'https://x', description: 'd'.repeat(200), 'auto-inactive': false });
    expect((await rig.bodies('/statuses'))[0]).toEqual({ state: 'success', log_url: 'https://x/log', environment_url: 'https://x', description: `${'d'.repeat(139)}…`, auto_inactive: false });
  });

  it('goes one after the other for one deployment', async () => {
    expect(await rig.action.exclusive(rig.call(of('success')))).toBe(true);
    expect(rig.action.target(of('success').with)).toEqual({ repository: 'acme/shop', pipeline: `deployment ${deployment}` });
  });
});

describe('what became of it', () => {
  it('is done when a status since the call says the same', async () => {
    const sentAt = new Date();
    await send('in_progress', { description: 'Half way' });
    expect(await lookUp('in_progress', sentAt, { description: 'Half way' })).toEqual({ kind: 'found' });
    expect(await lookUp('in_progress', sentAt)).toEqual({ kind: 'absent' });
    await send('failure');
    expect(await lookUp('in_progress', sentAt, { description: 'Half way' })).toEqual({ kind: 'found' });
  });

  it('is not done by one from before the call, unless nothing else was said since', async () => {
    await send('in_progress');
    expect(await lookUp('in_progress', after(60_000))).toEqual({ kind: 'absent' });
    expect(await lookUp('in_progress', after(8_000))).toEqual({ kind: 'found' });
    await send('failure');
    expect(await lookUp('in_progress', after(8_000))).toEqual({ kind: 'absent' });
  });
});
