import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND, startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const app = { id: '123', installation: '456', privateKey: { env: 'APP_KEY' } };
const asApp = { auth: { app }, token: keys.privateKey };
beforeEach(async () => void (rig = await startGithubRig('comment', { app: { ...app, publicKey: keys.publicKey } })));
afterEach(() => rig.close());

const of = { with: { repository: 'acme/shop', issue_number: 7, body: 'Deployed **1.0**.' } };
const comments = '/repos/acme/shop/issues/7/comments';
const lookUp = (sentAt = new Date()) => rig.action.lookUp!(rig.call({ ...of, sentAt }));

describe('commenting', () => {
  it('bears a mark that no reader sees, by which it is found again', async () => {
    expect(await lookUp()).toEqual({ kind: 'absent' });
    const sent = await rig.action.send(rig.call(of));
    const [told] = await rig.ask<{ id: number; html_url: string }[]>(comments);
    expect(sent).toEqual({ kind: 'accepted', outputs: { comment: told!.id, url: told!.html_url } });
    expect((await rig.bodies())[0]).toEqual({ body: expect.stringMatching(/^Deployed \*\*1\.0\*\*\.\n\n<!-- .* -->$/) });
    expect(await lookUp()).toEqual({ kind: 'found', outputs: sent.kind === 'accepted' && sent.outputs });
  });

  it('is not taken for what others wrote, whatever they quote', async () => {
    await rig.ask(comments, { body: `Deployed **1.0**. ${COMMAND}` });
    await rig.action.send(rig.call({ ...of, commandId: `${COMMAND}0` }));
    expect(await lookUp()).toEqual({ kind: 'absent' });
  });

  it('is not taken for what others wrote under its mark, be it ours to write as a person or as an App', async () => {
    await rig.action.send(rig.call({ ...of, ...asApp }));
    expect(await lookUp()).toEqual({ kind: 'absent' });
    expect(await rig.action.lookUp!(rig.call({ ...of, ...asApp, sentAt: new Date() }))).toMatchObject({ kind: 'found' });
    await rig.action.send(rig.call(of));
    expect(await lookUp()).toMatchObject({ kind: 'found' });
  });

  it('is not taken by an App for a person’s', async () => {
    await rig.action.send(rig.call(of));
    expect(await rig.action.lookUp!(rig.call({ ...of, ...asApp, sentAt: new Date() }))).toEqual({ kind: 'absent' });
  });

  it('is sought through all pages since the call, and no further than can be read', async () => {
    for (let n = 0; n < 100; n += 1) await rig.ask(comments, { body: `comment ${n}` });
    await rig.action.send(rig.call(of));
    expect(await lookUp()).toMatchObject({ kind: 'found' });
    expect(await lookUp(new Date(Date.now() + 60_000))).toEqual({ kind: 'absent' });
  });

  it.each([{ issue_number: 0 }, { issue_number: 'x' }, { body: '' }])('takes no %j', (values) => {
    expect(() => rig.action.target({ ...of.with, ...values })).toThrow(/^comment/);
  });
});
