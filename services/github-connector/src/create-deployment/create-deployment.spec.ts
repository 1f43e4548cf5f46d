import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND, startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
beforeEach(async () => void (rig = await startGithubRig('create-deployment')));
afterEach(() => rig.close());

const of = (values: Record<string, unknown>) => ({ with: { repository: 'acme/shop', ref: 'main', ...values } });
const send = (values: Record<string, unknown>) => rig.action.send(rig.call(of(values)));
const lookUp = (values: Record<string, unknown>, sentAt = new Date()) => rig.action.lookUp!(rig.call({ ...of(values), sentAt }));

describe('creating a deployment', () => {
  it('merges nothing unless told to, and carries our id', async () => {
    await send({ environment: 'review', task: 'deploy:db', payload: { version: '1.0' }, description: 'x'.repeat(200), required_contexts: [], transient_environment: true });
    expect(await rig.bodies()).toEqual([{
      ref: 'main', environment: 'review', task: 'deploy:db', payload: { version: '1.0', STELLWERK_ID: COMMAND }, description: `${'x'.repeat(139)}…`,
      transient_environment: true, auto_merge: false, required_contexts: [],
    }]);
    await send({ ref: 'topic' });
    expect((await rig.bodies())[1]).toEqual({ ref: 'topic', auto_merge: false, payload: { STELLWERK_ID: COMMAND } });
  });

  it('asks again with the same words when GitHub has merged in place of deploying', async () => {
    const sent = await send({ ref: 'topic', auto_merge: true });
    const [first, second, ...more] = await rig.bodies();
    expect([second, more]).toEqual([first, []]);
    const deployments = await rig.ask<{ id: number }[]>('/repos/acme/shop/deployments');
    expect(deployments).toHaveLength(1);
    expect(sent).toEqual({ kind: 'accepted', outputs: { deployment: deployments[0]!.id } });
  });

  it('asks so only three times', async () => {
    rig.github.faults.add({ kind: 'status', method: 'POST', path: '*/deployments', status: 202, body: { message: 'Auto-merged main into topic on deployment.' }, times: 0 });
    await expect(send({ ref: 'topic', auto_merge: true })).rejects.toThrow(/merged 3 times and made no deployment: HTTP 202: Auto-merged main into topic/);
    expect(await rig.bodies()).toHaveLength(3);
  });

  it('is refused with the reason: a conflict, or checks that are not green', async () => {
    await expect(send({ ref: 'old', auto_merge: true, required_contexts: ['x'] })).rejects.toThrow(/HTTP 409: Conflict merging main into old\.$/);
    await expect(send({ required_contexts: ['ci'] })).rejects.toThrow(/HTTP 409: Conflict: Commit status checks failed for main/);
    const sha = 'b'.repeat(40);
    await rig.ask(`/repos/acme/shop/statuses/${sha}`, { state: 'pending', context: 'stellwerk/release' });
    await expect(send({ ref: sha })).rejects.toThrow(/our own pending one too/);
  });
});

it('is done though the answer cannot be read, which then gives nothing', async () => {
  rig.github.faults.add({ kind: 'malformed', method: 'POST', path: '*/deployments' });
  expect(await send({})).toEqual({ kind: 'accepted' });
  expect(await rig.ask<unknown[]>('/repos/acme/shop/deployments')).toHaveLength(1);
});

describe('what became of it', () => {
  it('is told by our id in the payload', async () => {
    expect(await lookUp({ environment: 'review' })).toEqual({ kind: 'absent' });
    await rig.ask('/repos/acme/shop/deployments', { ref: 'main', environment: 'review', payload: { STELLWERK_ID: `${COMMAND}0` } });
    expect(await lookUp({ environment: 'review' })).toEqual({ kind: 'absent' });
    const sent = await send({ environment: 'review' });
    for (let n = 0; n < 120; n += 1) await rig.ask('/repos/acme/shop/deployments', { ref: 'main', environment: 'review' });
    expect(await lookUp({ environment: 'review' })).toEqual({ kind: 'found', outputs: sent.kind === 'accepted' && sent.outputs });
    expect(await lookUp({ environment: 'production' })).toEqual({ kind: 'absent' });
  });

  it('is told also where GitHub shows the payload as the text that it keeps', async () => {
    const { id } = await rig.ask<{ id: number }>('/repos/acme/shop/deployments', { ref: 'main', payload: JSON.stringify({ STELLWERK_ID: COMMAND }) });
    expect(await lookUp({})).toEqual({ kind: 'found', outputs: { deployment: id } });
  });
});
