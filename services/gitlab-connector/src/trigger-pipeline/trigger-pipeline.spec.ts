import { join } from 'node:path';
import { Refused } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { startGitlabSimulator, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir, waitFor } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitlabAdapter } from '../gitlab.adapter.js';
import { UnseenJobs } from '../jobs/unseen-jobs.js';

const adapter = new GitlabAdapter(new UnseenJobs());
const action = adapter.actions[0]!;
let gitlab: RunningSimulator;
let home: Awaited<ReturnType<typeof tempDir>>;

const call = (options: Partial<CallOptions>) => actionCall(adapter, { url: gitlab.url, action: 'trigger-pipeline', token: 'access', with: {}, ...options });
/** The pipelines that are not this one, as if other commands owned them. */
const others = (of: RunningSimulator, run: string): string[] => of.runs().map((one) => String((one as { id: number }).id)).filter((id) => id !== run);
/** By a connector that has just begun: those of one moment share what they read. */
const lookUp = (of: ReturnType<typeof call>) => new GitlabAdapter(new UnseenJobs()).actions[0]!.lookUp!(of);
const posts = async () => (await gitlab.journal()).filter(({ kind, method }) => kind === 'request' && method === 'POST');

beforeEach(async () => {
  home = await tempDir('gitlab');
  gitlab = await startGitlabSimulator({
    journalFile: join(home.path, 'journal.jsonl'), token: 'access', runMilliseconds: 100,
    projects: [{ id: 7, path: 'acme/group/shop', triggerTokens: ['glptt-1'], inputs: ['sha'] }, { id: 8, path: 'acme/strict', variablesForbidden: true }],
  });
});
afterEach(async () => {
  await gitlab.close();
  await home.remove();
});

describe('triggering a pipeline', () => {
  it('sends variables, inputs and our id with the access token', async () => {
    const sent = await action.send(call({ with: { project: 'acme/group/shop', ref: 'main', variables: { A: 1 }, inputs: { sha: 'abc' } } }));
    expect(sent).toMatchObject({ kind: 'accepted', run: { repository: 'acme/group/shop', attempt: 1 } });
    expect((await posts())[0]!.body).toMatchObject({ ref: 'main', inputs: { sha: 'abc' }, variables: expect.arrayContaining([{ key: 'A', value: '1' }]) });
  });

  it('sends a trigger token in the body, and the access token not at all', async () => {
    await action.send(call({ with: { project: 'acme/group/shop', ref: 'main', token: 'glptt-1' } }));
    const [post] = await posts();
    expect(post!.path).toBe('/api/v4/projects/acme%2Fgroup%2Fshop/trigger/pipeline');
    expect(post!.headers).not.toHaveProperty('private-token');
  });

  it('knows where it works while the token is still a reference', () => {
    expect(action.target({ project: 'acme/group/shop', ref: 'main', token: { env: 'TRIGGER_TOKEN' } })).toEqual({ repository: 'acme/group/shop', pipeline: 'acme/group/shop', ref: 'main' });
  });

  it('is refused with a wrong trigger token, without blaming the connection', async () => {
    await expect(action.send(call({ with: { project: 'acme/group/shop', ref: 'main', token: 'wrong' } }))).rejects.toThrow(Refused);
  });

  it('names the project as hooks do, also where it was given by number or in other letters', async () => {
    expect(await action.send(call({ with: { project: 7, ref: 'main' } }))).toMatchObject({ run: { repository: 'acme/group/shop' } });
    expect(await action.send(call({ with: { project: 'ACME/Group/Shop', ref: 'main' } }))).toMatchObject({ run: { repository: 'acme/group/shop' } });
  });

  it('knows a refusal of our variable for what it is', async () => {
    expect(await action.send(call({ with: { project: 'acme/strict', ref: 'main' } }))).toMatchObject({ kind: 'carrier-refused' });
    expect(await action.send(call({ with: { project: 'acme/strict', ref: 'main' }, carrier: false }))).toMatchObject({ kind: 'accepted' });
    await expect(action.send(call({ with: { project: 'acme/strict', ref: 'main', variables: { A: 'b' } }, carrier: false }))).rejects.toThrow(/Insufficient permissions/);
  });

  it('says which setting forbids variables and what to do, and gives inputs as what they are', async () => {
    const refused = action.send(call({ with: { project: 'acme/strict', ref: 'main', token: undefined, variables: { A: 'b' } }, carrier: false }));
    await expect(refused).rejects.toThrow(/ci_pipeline_variables_minimum_override_role .*spec: inputs.* as `inputs`/);
    expect(await action.send(call({ with: { project: 'acme/strict', ref: 'main', inputs: { n: 1, on: true, list: ['a'] } }, carrier: false }))).toMatchObject({ kind: 'accepted' });
    expect((await posts()).at(-1)!.body).toEqual({ ref: 'main', inputs: { n: 1, on: true, list: ['a'] } });
  });

  it('finds by its variable what it cannot know the outcome of', async () => {
    const of = { with: { project: 'acme/group/shop', ref: 'main' }, sentAt: new Date() };
    expect(await lookUp(call(of))).toEqual({ kind: 'absent' });
    const sent = await action.send(call(of));
    expect(await lookUp(call(of))).toEqual({ kind: 'found', run: (sent as { run: unknown }).run });
    expect(await lookUp(call({ ...of, commandId: '9b1c1f7e-0000-8000-8000-000000000001:step:run:1' }))).toEqual({ kind: 'absent' });
  });

  it('looks no further than the page that shows our pipeline, and reads none of before the call', async () => {
    const before = gitlab.push({ project: 'acme/group/shop' }) as { id: number; created_at: string };
    await waitFor(() => Date.now() > Date.parse(before.created_at), { what: 'the next millisecond' });
    const of = { with: { project: 'acme/group/shop', ref: 'main' }, sentAt: new Date(Date.now() + 1_000) };
    const sent = (await action.send(call(of))) as { run: { id: string } };
    for (let n = 0; n < 230; n += 1) gitlab.push({ project: 'acme/group/shop' });
    expect(await lookUp(call({ ...of, claimed: others(gitlab, sent.run.id) }))).toEqual({ kind: 'found', run: sent.run });
    const paths = (await gitlab.journal()).filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(paths.filter((path) => /pipelines\?/.test(path))).toHaveLength(1);
    expect(paths.some((path) => path.includes(`/pipelines/${before.id}/variables`))).toBe(false);
  });

  it('finds it among thousands, and knows of none among thousands', async () => {
    const of = { with: { project: 'acme/group/shop', ref: 'main' }, sentAt: new Date() };
    for (let n = 0; n < 1_200; n += 1) gitlab.push({ project: 'acme/group/shop' });
    const sent = (await action.send(call(of))) as { run: { id: string } };
    for (let n = 0; n < 1_200; n += 1) gitlab.push({ project: 'acme/group/shop' });
    const claimed = others(gitlab, sent.run.id);
    expect(await lookUp(call({ ...of, claimed }))).toEqual({ kind: 'found', run: sent.run });
    expect(await lookUp(call({ ...of, claimed: [...claimed, sent.run.id] }))).toEqual({ kind: 'absent' });
  });

  it('reads a busy project once for all that are looked up in one moment', async () => {
    const of = { with: { project: 'acme/group/shop', ref: 'main' }, sentAt: new Date() };
    for (let n = 0; n < 450; n += 1) gitlab.push({ project: 'acme/group/shop' });
    const claimed = others(gitlab, '');
    const ids = Array.from({ length: 10 }, (_, n) => `9b1c1f7e-0000-8000-8000-00000000000${n}:step:run:1`);
    const action = new GitlabAdapter(new UnseenJobs()).actions[0]!;
    expect(await Promise.all(ids.map((commandId) => action.lookUp!(call({ ...of, commandId, claimed }))))).toEqual(ids.map(() => ({ kind: 'absent' })));
    // Five pages, and one of the seconds before the call; a slow machine may begin a second time.
    expect((await gitlab.journal()).filter(({ method, path }) => method === 'GET' && /pipelines\?/.test(path)).length).toBeLessThanOrEqual(12);
  });

  it('finds one that the platform’s clock puts before the call', async () => {
    const of = { with: { project: 'acme/group/shop', ref: 'main' }, sentAt: new Date(Date.now() + 10_000) };
    const sent = (await action.send(call(of))) as { run: { id: string } };
    expect(await lookUp(call(of))).toEqual({ kind: 'found', run: sent.run });
  });

  it('takes none for surely absent where there are more pipelines than can be looked through', async () => {
    const sentAt = new Date();
    for (let n = 0; n < 201; n += 1) gitlab.push({ project: 'acme/group/shop' });
    expect(await lookUp(call({ with: { project: 'acme/group/shop', ref: 'main' }, sentAt }))).toMatchObject({ kind: 'cannot' });
  });
});
