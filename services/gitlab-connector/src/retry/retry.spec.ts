import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitlab } from '../../spec/gitlab.js';

let world: Awaited<ReturnType<typeof startGitlab>>;
beforeEach(async () => {
  world = await startGitlab('retry');
});
afterEach(() => world.close());

describe('retrying a pipeline', () => {
  it('runs the failed jobs again, under the same id', async () => {
    const { id } = await world.ended('failed');
    expect(await world.action.send(world.call({ pipeline: String(id) }))).toEqual({ kind: 'accepted' });
    await world.reaches(id, 'success');
  });

  it('is found afterwards, also when the pipeline has failed once more, and not before', async () => {
    const { id } = await world.ended('failed');
    const of = world.call({ pipeline: id }, { sentAt: new Date() });
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'absent' });
    world.gitlab.outcomes.next('acme/group/shop', ['failed']);
    await world.action.send(of);
    await world.reaches(id, 'failed');
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'found' });
  });

  it('does nothing, and is done, where no job has failed', async () => {
    const { id } = await world.ended('success');
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted' });
    expect(world.status(id)).toBe('success');
  });

  it('wants the number of a pipeline', () => {
    expect(() => world.action.target({ project: 'acme/shop', pipeline: '../7' })).toThrow(/whole number/);
  });
});
