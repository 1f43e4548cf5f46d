import { waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT, startGitlab, type Shown } from '../../spec/gitlab.js';

let world: Awaited<ReturnType<typeof startGitlab>>;
beforeEach(async () => {
  world = await startGitlab('cancel');
});
afterEach(() => world.close());

describe('cancelling a pipeline', () => {
  it('is done when the pipeline has ended, not when GitLab says 200', async () => {
    const { id } = world.gitlab.push({ project: PROJECT, status: 'never' }) as Shown;
    expect(await world.action.send(world.call({ pipeline: id }))).toMatchObject({ kind: 'not-started', reason: expect.stringContaining('still runs') });
    await waitFor(async () => (await world.action.send(world.call({ pipeline: id }))).kind === 'accepted', { what: 'the end of the pipeline' });
    expect(world.status(id)).toBe('canceled');
  });

  const tell = async (sha: string, state: string): Promise<number> => {
    const { status } = await fetch(`${world.gitlab.url}/api/v4/projects/7/statuses/${sha}`, {
      method: 'POST', headers: { 'private-token': 'access', 'content-type': 'application/json' }, body: JSON.stringify({ state, name: 'stellwerk/tidy' }),
    });
    return status;
  };

  it('is done when none of its jobs runs any more, though a status on its commit keeps the pipeline running', async () => {
    const { id, sha } = await world.ended('success');
    expect(await tell(sha, 'pending')).toBe(201);
    expect(world.status(id)).toBe('running');
    // GitLab ends such statuses too; a flow, or another service, that says something once more in that moment makes the pipeline run again.
    world.gitlab.faults.add({ kind: 'status', method: 'POST', path: '*/pipelines/*/cancel', status: 200, body: {} });
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted' });
    expect(world.status(id)).toBe('running');
  });

  it('is done at once of a pipeline that only a status keeps running', async () => {
    const { id, sha } = await world.ended('success');
    expect(await tell(sha, 'pending')).toBe(201);
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted' });
    expect(world.status(id)).toBe('canceled');
  });

  it('goes by the status of the pipeline where its jobs may not be seen', async () => {
    const { id } = world.gitlab.push({ project: PROJECT, status: 'never' }) as Shown;
    world.gitlab.faults.add({ kind: 'status', method: 'GET', path: '*/pipelines/*/jobs', status: 403 });
    expect(await world.action.send(world.call({ pipeline: id }))).toMatchObject({ kind: 'not-started' });
    await waitFor(async () => (await world.action.send(world.call({ pipeline: id }))).kind === 'accepted', { what: 'the end of the pipeline' });
    expect(world.status(id)).toBe('canceled');
  });

  it('asks for nothing where it has ended already', async () => {
    const { id } = await world.ended('success');
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted' });
    expect(await world.posts()).toEqual([]);
  });
});
