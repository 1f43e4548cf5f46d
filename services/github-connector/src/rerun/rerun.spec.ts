import { waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
beforeEach(async () => void (rig = await startGithubRig('rerun')));
afterEach(() => rig.close());

const of = (run: string | number, more = {}) => ({ with: { repository: 'acme/shop', run: String(run), ...more } });
const lookUp = (run: number, sentAt: Date) => rig.action.lookUp!(rig.call({ ...of(run), sentAt }));
const attempt = (id: number, number: number) => ({ repository: 'acme/shop', id: String(id), attempt: number });
const hasEnded = (id: number) => waitFor(async () => (await rig.ask<{ status: string }>(`/repos/acme/shop/actions/runs/${id}`)).status === 'completed', { what: 'the attempt to end' });
const after = (ms: number) => new Date(Date.now() + ms);

describe('running a run again', () => {
  it('runs all of it, or what failed, and takes the address of a run for its id', async () => {
    const { id } = await rig.ended();
    expect(await rig.action.send(rig.call(of(`https://github.com/acme/shop/actions/runs/${id}`)))).toEqual({ kind: 'accepted', repeats: attempt(id, 2) });
    await hasEnded(id);
    expect(await rig.action.send(rig.call(of(id, { 'failed-only': 'true' })))).toEqual({ kind: 'accepted', repeats: attempt(id, 3) });
    const posts = (await rig.github.journal()).filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(posts).toEqual([`/repos/acme/shop/actions/runs/${id}/rerun`, `/repos/acme/shop/actions/runs/${id}/rerun-failed-jobs`]);
  });

  it('is refused, and nothing sent, of a run that is not there', async () => {
    await expect(rig.action.send(rig.call(of(1)))).rejects.toThrow('GitHub has no run 1 in acme/shop');
    expect(await rig.bodies()).toEqual([]);
  });

  it.each(['main', '12 34', '../../secrets', 'https://github.com/acme/shop/actions/runs/'])('takes %s for no run', (run) => {
    expect(() => rig.action.target(of(run).with)).toThrow(/neither the id of a workflow run nor its address/);
  });
});

describe('what became of it', () => {
  it('is done when an attempt has begun since the call', async () => {
    const { id } = await rig.ended();
    const sentAt = new Date();
    expect(await lookUp(id, sentAt)).toEqual({ kind: 'absent' });
    await rig.action.send(rig.call(of(id)));
    expect(await lookUp(id, sentAt)).toEqual({ kind: 'found', repeats: attempt(id, 2) });
  });

  it('is the first attempt since the call, however many others have made since', async () => {
    const { id } = await rig.ended();
    const sentAt = new Date();
    for (let others = 0; others < 3; others += 1) {
      await rig.ask(`/repos/acme/shop/actions/runs/${id}/rerun`, {});
      await hasEnded(id);
    }
    expect(await lookUp(id, sentAt)).toEqual({ kind: 'found', repeats: attempt(id, 2) });
  });

  it('is not done by an attempt from before the call, and not known from one of about that time', async () => {
    const { id } = await rig.ended();
    await rig.action.send(rig.call(of(id)));
    expect(await lookUp(id, after(60_000))).toEqual({ kind: 'absent' });
    expect(await lookUp(id, after(8_000))).toMatchObject({ kind: 'cannot', reason: expect.stringContaining('attempt 2') });
  });

  it('is not known of a run that is gone', async () => {
    expect(await lookUp(1, new Date())).toMatchObject({ kind: 'cannot' });
  });
});
