import { Refused } from '@stellwerk/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT, startGitlab, type Shown } from '../../spec/gitlab.js';

let world: Awaited<ReturnType<typeof startGitlab>>;
beforeEach(async () => {
  world = await startGitlab('retry');
});
afterEach(() => world.close());

const repeats = (id: number) => ({ repository: PROJECT, id: String(id), after: expect.any(String) as string });
const secondsOf = (iso: string | undefined): number => Date.parse(iso ?? '') / 1_000;

describe('retrying a pipeline', () => {
  it('runs the failed jobs again, under the same id', async () => {
    const { id } = await world.ended('failed');
    expect(await world.action.send(world.call({ pipeline: String(id) }))).toEqual({ kind: 'accepted', repeats: repeats(id) });
    await world.reaches(id, 'success');
  });

  it('is found afterwards, also when the pipeline has failed once more, and not before', async () => {
    const { id } = await world.ended('failed');
    const of = world.call({ pipeline: id }, { sentAt: new Date() });
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'absent' });
    world.gitlab.outcomes.next('acme/group/shop', ['failed']);
    await world.action.send(of);
    await world.reaches(id, 'failed');
    expect(await world.action.lookUp!(of)).toEqual({ kind: 'found', repeats: repeats(id) });
  });

  it('tells which end was there before, whether it was sent or found: what comes after it goes back to the command', async () => {
    const { id } = await world.ended('failed');
    const endOf = async () => ((await (await fetch(`${world.gitlab.url}/api/v4/projects/7/pipelines/${id}`, { headers: { 'private-token': 'access' } })).json()) as { finished_at: string }).finished_at;
    const before = await endOf();
    const of = world.call({ project: '7', pipeline: id }, { sentAt: new Date() });
    const sent = await world.action.send(of);
    expect(sent).toEqual({ kind: 'accepted', repeats: { repository: PROJECT, id: String(id), after: before } });
    await world.reaches(id, 'success');
    const looked = await world.action.lookUp!(of);
    const found = looked.kind === 'found' ? secondsOf(looked.repeats?.after) : NaN;
    expect([found >= secondsOf(before), found <= secondsOf(await endOf())]).toEqual([true, true]);
  });

  it('of a pipeline that has not ended yet there is nothing before', async () => {
    const { id } = world.gitlab.push({ project: PROJECT, status: 'success', milliseconds: 60_000 }) as Shown;
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted', repeats: { repository: PROJECT, id: String(id), after: undefined } });
  });

  it('is refused, and nothing sent, of a pipeline that is not there', async () => {
    await expect(world.action.send(world.call({ pipeline: 1 }))).rejects.toThrow(Refused);
    expect(await world.posts()).toEqual([]);
  });

  it('does nothing, and is done, where no job has failed', async () => {
    const { id } = await world.ended('success');
    expect(await world.action.send(world.call({ pipeline: id }))).toEqual({ kind: 'accepted', repeats: repeats(id) });
    expect(world.status(id)).toBe('success');
  });

  it('wants the number of a pipeline', () => {
    expect(() => world.action.target({ project: 'acme/shop', pipeline: '../7' })).toThrow(/whole number/);
  });
});
