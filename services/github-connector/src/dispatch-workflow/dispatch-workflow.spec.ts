import { join } from 'node:path';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import type { StartedRun } from '@stellwerk/connector-kit';
import { HttpClient } from '@stellwerk/http';
import { startGithubSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppTokens } from '../app-tokens.client.js';
import { GithubAdapter } from '../github.adapter.js';

const adapter = new GithubAdapter(new AppTokens(new HttpClient()));
const dispatch = adapter.actions.find(({ name }) => name === 'dispatch-workflow')!;
let github: RunningSimulator;
let home: Awaited<ReturnType<typeof tempDir>>;
const plain = { repository: 'acme/shop', workflow: 'plain.yml', ref: 'main' };

const call = (options: Partial<CallOptions>) => actionCall(adapter, { url: github.url, action: 'dispatch-workflow', token: 'pat', with: plain, ...options });
/** One that has seen no run yet. */
const freshAction = () => new GithubAdapter(new AppTokens(new HttpClient())).actions[0]!;
const posts = async () => (await github.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST');

beforeEach(async () => {
  home = await tempDir('github');
  github = await startGithubSimulator({
    journalFile: join(home.path, 'journal.jsonl'), token: 'pat', hookSecret: 'x', runMilliseconds: 100,
    repositories: { 'acme/shop': { workflows: { 'plain.yml': { name: 'Plain', inputs: ['version'] }, 'deploy.yml': { name: 'Deploy', inputs: ['STELLWERK_ID'], runName: 'Deploy ${{ inputs.STELLWERK_ID }}' } } } },
  });
});
afterEach(async () => {
  await github.close();
  await home.remove();
});

describe('dispatching a workflow', () => {
  it('asks for the run and pins the version of the API', async () => {
    const sent = await dispatch.send(call({ with: { ...plain, workflow: 'deploy.yml' } }));
    expect(sent).toMatchObject({ kind: 'accepted', run: { repository: 'acme/shop', pipeline: 'deploy.yml', attempt: 1 } });
    const [post] = await posts();
    expect(post!.headers['x-github-api-version']).toBe('2022-11-28');
    expect(post!.body).toMatchObject({ return_run_details: true, inputs: { STELLWERK_ID: expect.stringContaining(':run:1') } });
  });

  it('knows a refusal of our input for what it is', async () => {
    expect(await dispatch.send(call({}))).toMatchObject({ kind: 'carrier-refused' });
    expect(await dispatch.send(call({ carrier: false }))).toMatchObject({ kind: 'accepted' });
  });

  it('keeps our id where only an input of the step is unknown, as the workflow takes ours', async () => {
    const wrong = { ...plain, workflow: 'deploy.yml', inputs: { versoin: 'v1' } };
    await expect(dispatch.send(call({ with: wrong }))).rejects.toThrow('Unexpected inputs provided: ["versoin"]');
    expect(await dispatch.send(call({ with: { ...plain, inputs: { versoin: 'v1' } } }))).toMatchObject({ kind: 'carrier-refused' });
  });

  it('sends our id not at all where twenty-five inputs leave no room', async () => {
    const inputs = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`i${n}`, 'x']));
    await dispatch.send(call({ with: { ...plain, inputs } })).catch(() => undefined);
    expect((await posts())[0]!.body).not.toHaveProperty('inputs.STELLWERK_ID');
  });

  it('gives way with our id where the server takes no input more, and goes one after the other from then on', async () => {
    const of = { with: { ...plain, workflow: 'deploy.yml' }, sentAt: new Date() };
    const fresh = freshAction();
    await fresh.send(call(of));
    expect(await fresh.lookUp!(call(of))).toMatchObject({ kind: 'found' });
    expect(await fresh.exclusive(call(of))).toBe(false);
    github.faults.add({ kind: 'status', path: '*/dispatches', status: 422, body: { message: 'Invalid request.\n\nNo more than 10 properties are allowed; 11 were supplied.' } });
    expect(await fresh.send(call(of))).toMatchObject({ kind: 'carrier-refused', reason: expect.stringContaining('STELLWERK_ID') });
    expect(await fresh.exclusive(call({ ...of, carrier: false }))).toBe(true);
    expect(await fresh.send(call({ ...of, carrier: false }))).toMatchObject({ kind: 'accepted' });
  });

  it('passes on that the inputs are too many where ours is not among them', async () => {
    github.faults.add({ kind: 'status', path: '*/dispatches', status: 422, body: { message: 'No more than 10 properties are allowed; 11 were supplied.' } });
    await expect(dispatch.send(call({ carrier: false }))).rejects.toThrow('No more than 10 properties');
  });

  it('takes a 204 for accepted and leaves the run to be looked up', async () => {
    github.faults.add({ kind: 'status-after', path: '*/dispatches', status: 204, body: '' });
    expect(await dispatch.send(call({ carrier: false }))).toEqual({ kind: 'accepted', run: undefined });
    expect(await dispatch.lookUp!(call({ sentAt: new Date(Date.now() - 1_000) }))).toMatchObject({ kind: 'found', run: { repository: 'acme/shop' } });
  });

  it('goes without the option where the server refuses it', async () => {
    github.faults.add({ kind: 'status', path: '*/dispatches', status: 422, body: { message: 'Invalid request: "return_run_details" is not a permitted key.' } });
    expect(await dispatch.send(call({ carrier: false }))).toEqual({ kind: 'accepted', run: undefined });
    expect((await posts())[1]!.body).not.toHaveProperty('return_run_details');
  });

  it('takes no run of another command, and no one of two that fit', async () => {
    const sentAt = new Date();
    const first = (await dispatch.send(call({ carrier: false }))) as { run: { id: string } };
    expect(await dispatch.lookUp!(call({ sentAt, claimed: [first.run.id] }))).toEqual({ kind: 'absent' });
    await dispatch.send(call({ carrier: false }));
    expect(await dispatch.lookUp!(call({ sentAt }))).toMatchObject({ kind: 'cannot' });
  });

  it('looks on where the newest hundred runs are others', async () => {
    const sentAt = new Date();
    const fresh = freshAction();
    await fresh.send(call({ with: { ...plain, workflow: 'deploy.yml' } }));
    for (let n = 0; n < 130; n += 1) github.push({ workflow: 'plain.yml', event: 'workflow_dispatch' });
    expect(await fresh.lookUp!(call({ with: { ...plain, workflow: 'deploy.yml' }, sentAt }))).toMatchObject({ kind: 'found', run: { pipeline: 'deploy.yml' } });
    expect((await github.journal()).filter(({ method, path }) => method === 'GET' && path.includes('/actions/runs?'))).toHaveLength(2);
  });

  it('finds a run among more than a search shows, and knows of none among them', async () => {
    const sentAt = new Date();
    const of = { with: { ...plain, workflow: 'deploy.yml' }, sentAt };
    const others = async () => {
      for (let n = 0; n < 700; n += 1) github.push({ workflow: 'plain.yml', event: 'workflow_dispatch' });
      const second = Math.floor(Date.now() / 1_000);
      await waitFor(() => Math.floor(Date.now() / 1_000) > second, { what: 'the next second' });
    };
    await others();
    const fresh = freshAction();
    const sent = (await fresh.send(call(of))) as { run: StartedRun };
    await others();
    expect(await fresh.lookUp!(call(of))).toMatchObject({ kind: 'found', run: { id: sent.run.id } });
    expect(await fresh.lookUp!(call({ ...of, commandId: '9b1c1f7e-0000-8000-8000-000000000000:step:run:7' }))).toEqual({ kind: 'absent' });
  }, 180_000);

  it('learns by one read of the first run that runs show our id', async () => {
    const of = { with: { ...plain, workflow: 'deploy.yml' }, commandId: '9b1c1f7e-0000-8000-8000-000000000000:step:run:7' };
    const learning = freshAction();
    const sent = (await learning.send(call(of))) as { run: StartedRun };
    expect(await learning.exclusive(call(of))).toBe(true);
    await learning.learn!(call(of), sent.run);
    expect(await learning.exclusive(call(of))).toBe(false);
    await learning.learn!(call(of), sent.run);
    expect((await github.journal()).filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('goes one after the other until a run is seen to show our id', async () => {
    const of = { with: { ...plain, workflow: 'deploy.yml' }, sentAt: new Date() };
    expect(await dispatch.exclusive(call(of))).toBe(true);
    await dispatch.send(call(of));
    expect(await dispatch.lookUp!(call(of))).toMatchObject({ kind: 'found' });
    expect(await dispatch.exclusive(call(of))).toBe(false);
  });
});
