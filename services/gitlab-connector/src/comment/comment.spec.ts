import { withMark } from '@stellwerk/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitlab } from '../../spec/gitlab.js';

const OTHER = '9b1c1f7e-0000-8000-8000-000000000001:step:run:1';
let world: Awaited<ReturnType<typeof startGitlab>>;
beforeEach(async () => {
  world = await startGitlab('comment', { mergeRequests: [3], issues: [4] });
});
afterEach(() => world.close());

describe('a comment', () => {
  it.each([{ change: 3 }, { issue: '4' }, { sha: 'e'.repeat(40) }])('goes to %j and is found there by its mark', async (about) => {
    const of = world.call({ ...about, body: 'Deployed.' });
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'absent' });
    // GitLab gives comments on commits no id.
    const outputs = 'sha' in about ? undefined : { comment: expect.any(Number) };
    const sent = await world.action.send(of);
    expect(sent).toEqual({ kind: 'accepted', outputs });
    expect(await world.action.lookUp!(of)).toEqual({ ...sent, kind: 'found' });
    expect(await world.action.lookUp!(world.call({ ...about, body: 'Deployed.' }, { commandId: OTHER }))).toEqual({ kind: 'absent' });
  });

  it('is not what somebody else has marked as ours', async () => {
    const of = world.call({ change: 3, body: 'Deployed.' });
    const forged = { method: 'POST', headers: { 'private-token': 'access', sudo: 'mallory', 'content-type': 'application/json' }, body: JSON.stringify({ body: withMark('ha', of.commandId) }) };
    expect((await fetch(`${world.gitlab.url}/api/v4/projects/7/merge_requests/3/notes`, forged)).status).toBe(201);
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'absent' });
    await world.action.send(of);
    expect(await world.action.lookUp!(of)).toMatchObject({ kind: 'found' });
  });

  it('is found among hundreds', async () => {
    const of = world.call({ change: 3, body: 'Deployed.' });
    await world.action.send(of);
    const another = { method: 'POST', headers: { 'private-token': 'access', 'content-type': 'application/json' }, body: '{"body":"another"}' };
    await Promise.all(Array.from({ length: 120 }, () => fetch(`${world.gitlab.url}/api/v4/projects/7/merge_requests/3/notes`, another)));
    expect(await world.action.lookUp!(of)).toMatchObject({ kind: 'found' });
  });

  it.each([{}, { change: 3, issue: 4 }, { sha: 'a', change: 1 }])('needs one thing to be about: %j', (about) => {
    expect(() => world.action.target({ project: 'acme/shop', body: 'x', ...about })).toThrow(/one of `change`, `issue` and `sha`/);
  });
});
