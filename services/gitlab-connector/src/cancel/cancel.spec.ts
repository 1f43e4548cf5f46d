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

  it('asks for nothing where it has ended already', async () => {
    const { id } = await world.ended('success');
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted' });
    expect(await world.posts()).toEqual([]);
  });
});
