import { once } from 'node:events';
import { CANCEL_ACTION, FOLLOW_ACTION, instanceOrigin, platformRunKeyOfFact } from '@stellwerk/contracts';
import { TOKEN, startRig, type Rig } from '@stellwerk/connector-kit/conformance';
import { hookPlatforms } from '@stellwerk/platforms';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { n8n, webhook } from '../spec/subjects.js';

const SLOW = 180_000;
let rig: Rig;

describe('an execution of n8n that the workflow names', () => {
  beforeAll(async () => {
    rig = await startRig(n8n);
    await rig.configure([{ name: 'flows' }]);
    await rig.startConnector();
  }, 300_000);
  afterAll(async () => rig?.close());

  const runOf = (event: { data: Record<string, unknown> }) => event.data.platformRun as { id: string; url: string };

  it('is followed to its end, under the id of its workflow', async () => {
    const sent = await rig.send('flows');
    const accepted = await rig.outcome(sent);
    expect(accepted).toMatchObject({ id: `${sent.id}:accepted`, source: '/services/webhook-connector', data: { followed: true, repository: 'wf1', platform: 'n8n' } });
    const finished = await rig.followed(sent, 'pipelinerun.finished');
    expect(finished.data).toMatchObject({ outcome: 'success', repository: 'wf1', url: runOf(accepted).url });
    expect(finished.fact.startsWith(`${String(accepted.data.platformRunKey)}/`)).toBe(true);
  }, SLOW);

  it('is told as failed, each of several', async () => {
    rig.platform.outcomes.next('wf1', ['error', 'success', 'error']);
    const sent = [await rig.send('flows'), await rig.send('flows'), await rig.send('flows')];
    await Promise.all(sent.map((one) => rig.outcome(one, 'trigger.accepted')));
    const outcomes = await Promise.all(sent.map(async (one) => (await rig.followed(one, 'pipelinerun.finished')).data.outcome));
    expect(outcomes.sort()).toEqual(['failure', 'failure', 'success']);
  }, SLOW);

  it('is stopped when the run of ours is cancelled', async () => {
    rig.platform.outcomes.next('wf1', ['never']);
    const sent = await rig.send('flows');
    await rig.outcome(sent, 'trigger.accepted');
    const cancel = { action: CANCEL_ACTION, purpose: 'cancel', with: {}, await: false, cancels: sent.id, run: sent.command.run } as const;
    await rig.outcome(await rig.send('flows', cancel, sent.id.replace(':run:', ':cancel:')), 'trigger.accepted');
    expect((await rig.followed(sent, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'cancelled' });
  }, SLOW);

  it('is the one that a person names', async () => {
    const sent = await rig.send('flows');
    const accepted = await rig.outcome(sent, 'trigger.accepted');
    const follow = await rig.send('flows', { action: FOLLOW_ACTION, n: 2, with: { command: sent.id, run: runOf(accepted).id } }, sent.id.replace(/:1$/, ':2'));
    expect(runOf(await rig.outcome(follow, 'trigger.accepted'))).toEqual(runOf(accepted));
    const unknown = await rig.send('flows', { action: FOLLOW_ACTION, n: 3, with: { command: sent.id, run: '99999' } }, sent.id.replace(/:1$/, ':3'));
    expect((await rig.outcome(unknown)).data).toMatchObject({ rejection: 'refused' });
  }, SLOW);

  it('is not waited for where the workflow does not name it', async () => {
    const sent = await rig.send('flows', { with: { path: 'quiet' } });
    const { data } = await rig.outcome(sent);
    expect(data).toMatchObject({ followed: false });
    expect(data.platformRun).toBeUndefined();
  }, SLOW);

  it('gives later steps what the workflow answers, also when the connector dies before the run is known', async () => {
    await rig.stopConnectors();
    const died = once(await rig.startConnector({ FAILPOINT: 'connector.after-outcome' }), 'exit');
    const sent = await rig.send('flows');
    expect((await died)[1]).toBe('SIGKILL');
    await rig.startConnector();
    const { data } = await rig.outcome(sent);
    expect(data).toMatchObject({ followed: true, outputs: { executionId: runOf({ data }).id } });
  }, SLOW);

  it('was called with what its Webhook node asks for, and never with the key of the API', async () => {
    const calls = (await rig.platform.journal()).filter(({ path }) => path.startsWith('/webhook/')) as unknown as { headers: Record<string, string> }[];
    expect(calls.length).toBeGreaterThan(5);
    for (const { headers } of calls) expect([headers['x-n8n-api-key'], headers['x-hook-key'] !== undefined, /^[0-9a-f-]{36}:step:run:1$/.test(headers['stellwerk-id'] ?? '')]).toEqual([undefined, true, true]);
  });
});

describe('a webhook that is awaited', () => {
  let hooks: Rig;

  beforeAll(async () => {
    hooks = await startRig(webhook);
    await hooks.configure([{ name: 'hooks' }]);
    await hooks.startConnector();
  }, 300_000);
  afterAll(async () => hooks?.close());

  it('names the very run that the call back will tell of', async () => {
    const sent = await hooks.send('hooks', { await: true });
    const { data } = await hooks.outcome(sent);
    expect(data).toMatchObject({ followed: true, repository: 'hooks' });
    const context = { connection: 'hooks', platform: 'webhook', origin: instanceOrigin('webhook', hooks.platform.url), hookId: 'hooks:1', receivedAt: new Date(), headers: {} } as const;
    const body = { type: 'pipelinerun.finished', timestamp: new Date().toISOString(), data: { stellwerkId: sent.id, outcome: 'success' } };
    const [event] = hookPlatforms.webhook!.translate(body, context).events;
    expect(platformRunKeyOfFact(event!.fact)).toBe(data.platformRunKey);
    expect(event!.data.run?.id).toBe((data.platformRun as { id: string }).id);
  }, SLOW);

  it('is accepted, and that is all, where it is not awaited', async () => {
    expect((await hooks.outcome(await hooks.send('hooks', { await: false }))).data).toMatchObject({ followed: false });
  }, SLOW);

  it('gives later steps the answer, but no secret that went out with it', async () => {
    const sent = await hooks.send('hooks', { await: false, with: { path: '/hooks/echo', body: { version: '1' }, headers: { 'X-Key': { env: 'PLATFORM_TOKEN' }, 'X-Plain': 'kept' } } });
    const told = await hooks.outcome(sent);
    const taken = (hooks.platform.runs() as { id: string; stellwerkId: string; headers: Record<string, string> }[]).find(({ stellwerkId }) => stellwerkId === sent.id);
    expect(taken!.headers['x-key']).toBe(TOKEN);
    expect(told.data.outputs).toMatchObject({ work: taken!.id, body: { version: '1' }, headers: { 'x-key': '***', 'x-plain': 'kept', authorization: '***' } });
    const client = new pg.Client(hooks.databaseUrl);
    await client.connect();
    const { rows } = await client.query('SELECT * FROM webhook_connector.dispatches WHERE command_id = $1', [sent.id]);
    await client.end();
    expect(JSON.stringify([rows, told])).toContain(taken!.id);
    expect(JSON.stringify([rows, hooks.events])).not.toContain(TOKEN);
  }, SLOW);

  it('gives nothing of an answer that is too large, and says so', async () => {
    const { data } = await hooks.outcome(await hooks.send('hooks', { await: false, with: { path: '/hooks/talkative' } }), 'trigger.accepted');
    expect(data).not.toHaveProperty('outputs');
    expect(data.reason).toMatch(/^they have 25\d{3} bytes, expected at most 16384$/);
  }, SLOW);

  it('is sent again to a receiver that is overloaded, not before it asks for it', async () => {
    hooks.platform.faults.add({ kind: 'status', method: 'POST', path: '/hooks/*', status: 503, retryAfter: 3 });
    await hooks.outcome(await hooks.send('hooks', { await: false }), 'trigger.accepted');
    const [refused, taken] = (await hooks.platform.journal()).filter(({ kind }) => kind === 'request').slice(-2).map(({ at }) => Date.parse(at));
    expect(taken! - refused!).toBeGreaterThanOrEqual(3_000);
  }, SLOW);
});
