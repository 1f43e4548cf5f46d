import { Refused } from '@stellwerk/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT, startGitlab, type Shown } from '../../spec/gitlab.js';

let world: Awaited<ReturnType<typeof startGitlab>>;
afterEach(() => world.close());

/** Afterwards nobody can tell which end was there before. */
const pipeline = (id: number) => ({ repository: PROJECT, id: String(id) });

describe('playing a manual job', () => {
  beforeEach(async () => {
    world = await startGitlab('play-job', { manualJobs: ['deploy'] });
  });

  it('starts the job of that name in the pipeline, with its variables', async () => {
    const { id } = await world.ended('success');
    expect(await world.action.send(world.call({ pipeline: id, job: 'deploy', variables: { TO: 'staging', N: 2 } }))).toEqual({ kind: 'accepted', outputs: { job: expect.any(Number) }, repeats: { ...pipeline(id), after: expect.any(String) } });
    expect((await world.posts())[0]!.body).toEqual({ job_variables_attributes: [{ key: 'TO', value: 'staging' }, { key: 'N', value: '2' }] });
  });

  it('never runs it a second time: after a call of ours it is done, otherwise it is refused', async () => {
    const { id } = await world.ended('success');
    const values = { pipeline: id, job: 'deploy' };
    const again = world.call(values, { sentAt: new Date() });
    expect(await world.action.lookUp!(again)).toEqual({ kind: 'absent' });
    await world.action.send(world.call(values));
    expect(await world.action.lookUp!(again)).toEqual({ kind: 'found', repeats: pipeline(id) });
    expect(await world.action.send(again)).toEqual({ kind: 'accepted', repeats: pipeline(id) });
    await expect(world.action.send(world.call(values))).rejects.toThrow(/cannot be played/);
    await world.reaches(id, 'success');
    await expect(world.action.send(world.call(values))).rejects.toThrow(/cannot be played: it is success/);
    expect(await world.posts()).toHaveLength(1);
  });

  it('gives its id; after an unknown outcome only where it was named by it, as another of its name may be there by then', async () => {
    const { id } = await world.ended('success');
    const sent = await world.action.send(world.call({ pipeline: id, job: 'deploy' }));
    const outputs = sent.kind === 'accepted' ? sent.outputs : undefined;
    expect(await world.action.lookUp!(world.call({ job: outputs?.job }, { sentAt: new Date() }))).toEqual({ kind: 'found', outputs, repeats: pipeline(id) });
    expect(await world.action.lookUp!(world.call({ pipeline: id, job: 'deploy' }, { sentAt: new Date() }))).toEqual({ kind: 'found', repeats: pipeline(id) });
  });

  it('says what is not there', async () => {
    const { id } = world.gitlab.push({ project: PROJECT }) as Shown;
    await expect(world.action.send(world.call({ pipeline: id, job: 'no such' }))).rejects.toThrow(`no job "no such" in pipeline ${id}`);
    await expect(world.action.send(world.call({ job: '12' }))).rejects.toThrow(Refused);
    expect(() => world.action.target({ project: PROJECT, job: 'deploy' })).toThrow(/`job` is string, expected a whole number/);
  });
});

it('says why variables are refused', async () => {
  world = await startGitlab('play-job', { manualJobs: ['deploy'], variablesForbidden: true });
  const { id } = await world.ended('success');
  await expect(world.action.send(world.call({ pipeline: id, job: 'deploy', variables: { TO: 'x' } }))).rejects.toThrow(/ci_pipeline_variables_minimum_override_role/);
});
