import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT, startGitlab, type Shown } from '../spec/gitlab.js';
import { GitlabAdapter } from './gitlab.adapter.js';
import { UnseenJobs } from './jobs/unseen-jobs.js';

let world: Awaited<ReturnType<typeof startGitlab>>;
let pipeline: Shown;
let unseen: UnseenJobs;
beforeEach(async () => {
  world = await startGitlab('trigger-pipeline');
  unseen = new UnseenJobs();
  pipeline = await world.ended('success');
});
afterEach(() => world.close());

const look = async () => {
  const { calls } = world.call({});
  const run = { commandId: 'c', runKey: 'key', repository: PROJECT, runId: String(pipeline.id), attempt: 1, createdAt: new Date() };
  const [polled] = await new GitlabAdapter(unseen).poll(calls, PROJECT, [run]);
  const [event] = polled!.events;
  return { name: calls.connection.name, event: event! };
};
const refuse = (status: number) => world.gitlab.faults.add({ kind: 'status', method: 'GET', path: '*/jobs', status, body: { message: `${status} no` }, times: 1 });

describe('a look at a pipeline that ended', () => {
  it('tells when its jobs were over', async () => {
    const { event } = await look();
    expect(event).toMatchObject({ type: 'pipelinerun.finished', data: { outcome: 'success', jobsFinishedAt: expect.stringMatching(/^[\d-]+T[\d:]+Z$/) } });
  });

  it('tells the same end, without them, where they may not be seen, and says so until they may', async () => {
    const { fact } = (await look()).event;
    refuse(403);
    const { name, event } = await look();
    expect(event.fact).toBe(fact);
    expect(event.data).not.toHaveProperty('jobsFinishedAt');
    expect(unseen.of(name)).toEqual([expect.stringMatching(/^acme\/group\/shop: ends of pipelines are told without their jobs.*403/)]);
    await look();
    expect(unseen.of(name)).toEqual([]);
  });

  it('tells the same end where there is no list of jobs', async () => {
    const { fact } = (await look()).event;
    refuse(404);
    const { name, event } = await look();
    expect(event.fact).toBe(fact);
    expect(event.data).not.toHaveProperty('jobsFinishedAt');
    expect(unseen.of(name)).toEqual([]);
  });

  it('waits for a server that does not answer just now', async () => {
    refuse(500);
    await expect(look()).rejects.toThrow(/500/);
  });
});
