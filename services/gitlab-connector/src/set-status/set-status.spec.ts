import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { factByJobs } from '@stellwerk/contracts';
import { hookPlatforms } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitlab, type Shown } from '../../spec/gitlab.js';

/** The events that hooks become, as ingress makes them; ends by when the jobs were over, where that is told. */
const hearHooks = async () => {
  const events: { type: string; fact: string; outcome?: string }[] = [];
  let hooks = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      hooks += 1;
      const context = { connection: 'gitlab', platform: 'gitlab', origin: 'https://gitlab.example.com', hookId: `gitlab:${hooks}`, receivedAt: new Date(), headers: {} } as const;
      const told = hookPlatforms.gitlab!.translate(JSON.parse(Buffer.concat(chunks).toString('utf8')), context).events;
      events.push(...told.map(({ type, fact, data }) => ({ type, fact: factByJobs({ fact, jobsFinishedAt: data.jobsFinishedAt }) ?? fact, outcome: data.outcome })).filter(({ type }) => type.startsWith('pipelinerun.')));
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const facts = (): string[] => [...new Set(events.map(({ fact }) => fact))];
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, events, facts, hooks: () => hooks, close: () => server.close() };
};

let heard: Awaited<ReturnType<typeof hearHooks>>;
let world: Awaited<ReturnType<typeof startGitlab>>;
beforeEach(async () => {
  heard = await hearHooks();
  world = await startGitlab('set-status', {}, heard.url);
});
afterEach(async () => {
  await world.close();
  heard.close();
});

const report = (of: Pick<Shown, 'sha'>, state: string, more: Record<string, unknown> = {}) =>
  world.action.send(world.call({ project: undefined, repository: 'acme/group/shop', sha: of.sha, state, context: 'stellwerk/f', target_url: 'http://127.0.0.1/runs/1', ...more }));
const bodies = async () => (await world.posts()).map(({ body }) => body as Record<string, unknown>);

describe('setting a status', () => {
  it('says it in the words of GitLab, on the pipeline it is about', async () => {
    const pipeline = await world.ended('success');
    await report(pipeline, 'pending', { ref: 'main', pipeline: String(pipeline.id), description: 'x'.repeat(300) });
    await report(pipeline, 'failure', { ref: 'main', pipeline: String(pipeline.id) });
    expect(await bodies()).toEqual([
      { state: 'pending', name: 'stellwerk/f', target_url: 'http://127.0.0.1/runs/1', description: `${'x'.repeat(254)}…`, pipeline_id: pipeline.id },
      { state: 'failed', name: 'stellwerk/f', target_url: 'http://127.0.0.1/runs/1', pipeline_id: pipeline.id },
    ]);
    await report(pipeline, 'error', { ref: 'main' });
    expect((await bodies())[2]).toMatchObject({ state: 'canceled', ref: 'main' });
  });

  it('is done where the status is there already, or is further', async () => {
    const of = { sha: 'a'.repeat(40) };
    const sent = [await report(of, 'running'), await report(of, 'running'), await report(of, 'pending')];
    // Which status is there already GitLab does not say.
    expect(sent).toEqual([{ kind: 'accepted', outputs: { id: expect.any(Number) } }, { kind: 'accepted' }, { kind: 'accepted' }]);
    expect((await world.posts()).map(({ answer }) => answer?.status)).toEqual([201, 400, 400]);
  });

  it('goes to the commit where the pipeline takes none', async () => {
    const { sha } = await world.ended('success');
    expect(await report({ sha }, 'success', { pipeline: 1, ref: 'main' })).toMatchObject({ kind: 'accepted' });
    expect((await world.posts()).map(({ answer }) => answer?.status)).toEqual([404, 201]);
  });

  it('waits while GitLab is busy with it, and takes no other word than its own', async () => {
    world.gitlab.faults.add({ kind: 'status', method: 'POST', path: '*/statuses/*', status: 409, body: { message: 'Another update to this commit status is in progress' } });
    expect(await report({ sha: 'a'.repeat(40) }, 'success')).toMatchObject({ kind: 'not-started' });
    await expect(report({ sha: 'a'.repeat(40) }, 'green')).rejects.toThrow(/one of pending, running/);
  });
});

describe('a report never starts its flow again: the hooks that it brings about tell nothing new', () => {
  /** Facts tell seconds: what ends within the same one would be the same anyhow. */
  const anotherSecond = async (): Promise<void> => {
    const second = Math.floor(Date.now() / 1_000);
    await waitFor(() => Math.floor(Date.now() / 1_000) > second, { what: 'another second' });
  };
  const reported = async (of: Pick<Shown, 'id' | 'sha'>, end: string, more: Record<string, unknown> = {}): Promise<void> => {
    const before = heard.hooks();
    await anotherSecond();
    await report(of, 'pending', more);
    await report(of, end, more);
    await waitFor(() => heard.hooks() >= before + 2, { what: 'hooks that came of the statuses' });
    await world.reaches(of.id, end === 'failure' ? 'failed' : 'success');
  };

  it.each(['success', 'failure'])('of the pipeline that ended, when the run ends with %s', async (end) => {
    const pipeline = await world.ended('success');
    await waitFor(() => heard.events.some(({ type }) => type === 'pipelinerun.finished'), { what: 'the end of the pipeline' });
    const facts = heard.facts();
    await reported(pipeline, end, { pipeline: pipeline.id });
    await reported(pipeline, end, { pipeline: pipeline.id });
    expect(heard.facts()).toEqual(facts);
    expect(heard.events.filter(({ type }) => type === 'pipelinerun.started')).toHaveLength(2); // The simulator says it twice.
  });

  it('of a pipeline that GitLab makes of nothing but our statuses', async () => {
    const sha = 'f'.repeat(40);
    await report({ sha }, 'pending', { ref: 'main' });
    const { id } = (world.gitlab.runs() as Shown[]).find((run) => run.sha === sha)!;
    await reported({ id, sha }, 'success', { ref: 'main' });
    expect(heard.events).toEqual([]);
  });

  it('of a pipeline with nothing but trigger jobs, whose ends cannot be told apart: it takes no status', async () => {
    await world.close();
    world = await startGitlab('set-status', { triggerJobsOnly: true }, heard.url);
    const pipeline = await world.ended('success');
    await expect(report(pipeline, 'pending', { pipeline: pipeline.id })).rejects.toThrow(/only trigger jobs/);
    await expect(report(pipeline, 'pending', { ref: 'main' })).rejects.toThrow(/only trigger jobs/);
    expect(await world.posts()).toEqual([]);
  });

  it('but a pipeline that somebody retries after it is a new end', async () => {
    const pipeline = await world.ended('failed');
    await reported(pipeline, 'failure', { pipeline: pipeline.id });
    const before = heard.facts().filter((fact) => fact.endsWith('/finished'));
    await anotherSecond();
    await fetch(`${world.gitlab.url}/api/v4/projects/7/pipelines/${pipeline.id}/retry`, { method: 'POST', headers: { 'private-token': 'access' } });
    await waitFor(() => heard.facts().filter((fact) => fact.endsWith('/finished')).length === 2, { what: 'a second end' });
    expect(before).toHaveLength(1);
  });
});
