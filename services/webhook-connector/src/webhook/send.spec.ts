import { join } from 'node:path';
import { nameOfCommand } from '@stellwerk/contracts';
import { Held, OutcomeUnknown, Refused, type Connection } from '@stellwerk/connector-kit';
import { actionCall, type CallOptions } from '@stellwerk/connector-kit/conformance';
import { startWebhookSimulator, type JournalEntry, type RunningSimulator } from '@stellwerk/simulators';
import { tempDir } from '@stellwerk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookAdapter } from './webhook.adapter.js';

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const COMMAND = '9b1c1f7e-0000-8000-8000-000000000000:step:run:1';
const adapter = new WebhookAdapter();
const action = adapter.actions[0]!;
let home: Awaited<ReturnType<typeof tempDir>>;
let receiver: RunningSimulator;
let other: RunningSimulator;

const call = (values: Record<string, unknown>, settings: Partial<Connection> = {}, options: Partial<CallOptions> = {}) =>
  actionCall(adapter, { url: receiver.url, action: 'send', token: KEY, with: values, settings: { webhook: { secrets: [{ env: 'NEW' }, { env: 'OLD' }], tokens: [] }, ...settings }, ...options });
const requests = async (of: RunningSimulator): Promise<JournalEntry[]> => (await of.journal()).filter(({ kind }) => kind === 'request');

beforeEach(async () => {
  home = await tempDir('webhook');
  const start = (name: string): Promise<RunningSimulator> => startWebhookSimulator({ journalFile: join(home.path, `${name}.jsonl`), secret: KEY });
  [receiver, other] = await Promise.all([start('a'), start('b')]);
});
afterEach(async () => {
  await Promise.all([receiver.close(), other.close()]);
  await home.remove();
});

describe('a webhook that is sent', () => {
  it('is signed, names its command, and says what to do when nothing else is said', async () => {
    expect(await action.send(call({ path: '/hooks/deploy' }))).toEqual({ kind: 'accepted', run: { id: nameOfCommand(COMMAND), attempt: 1, repository: 'c', pipeline: 'c' }, outputs: { work: nameOfCommand(COMMAND) } });
    expect(receiver.runs()).toMatchObject([{
      id: nameOfCommand(COMMAND), stellwerkId: COMMAND, body: { type: 'step.requested', data: { stellwerkId: COMMAND, flow: 'f', step: 'step', run: COMMAND.split(':')[0] } },
    }]);
  });

  it('has the same id and body on each try, without dots, and a time of its own', async () => {
    const values = { path: '/hooks/deploy', body: { version: '1.0' } };
    for (let n = 0; n < 2; n += 1) await action.send(call(values));
    const sent = await requests(receiver);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([nameOfCommand(COMMAND)]));
    expect(sent[0]!.headers['webhook-id']).toMatch(/^[a-z0-9-]{1,63}$/);
    expect(sent.map(({ body }) => body)).toEqual([values.body, values.body]);
    for (const { headers, at } of sent) expect(Math.abs(Number(headers['webhook-timestamp']) - Date.parse(at) / 1_000)).toBeLessThan(5);
    expect(receiver.runs()).toHaveLength(1);
  });

  it('goes to an address of the step, without the token of the connection; that is for its own origin', async () => {
    await action.send(call({ url: `${other.url}/hooks/a` }, { auth: { token: { env: 'T' } } }));
    await action.send(call({ url: `${receiver.url}/hooks/b` }, { auth: { token: { env: 'T' } } }));
    const [elsewhere, own] = [(await requests(other))[0]!, (await requests(receiver))[0]!];
    expect([elsewhere.headers['authorization'], own.headers['authorization']]).toEqual([undefined, '***']);
    expect([elsewhere.answer?.status, own.answer?.status]).toEqual([202, 202]);
  });

  it.each([
    [{ path: '/gone' }, /410.*moved away.*gone for good/], [{ path: '/moved' }, /302.*not followed/], [{ path: '/strict' }, /data\.version is missing/], [{ path: '/nothing' }, /404/],
  ])('is refused with the reason: %j', async (values, words) => {
    const error = await action.send(call(values)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refused);
    expect((error as Error).message).toMatch(words);
    expect(await requests(receiver)).toHaveLength(1);
  });

  it('waits as long as the receiver asks for, whatever its word', async () => {
    receiver.faults.add({ kind: 'status', status: 429, retryAfter: 7 });
    await expect(action.send(call({ path: '/hooks/a' }))).rejects.toThrow(Held);
    receiver.faults.add({ kind: 'status', status: 503, retryAfter: 70 });
    const error = await action.send(call({ path: '/hooks/a' }, {}, { commandId: COMMAND })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect((error as OutcomeUnknown).until!.getTime() - Date.now()).toBeGreaterThan(60_000);
  });

  it.each([
    [{ path: '/a', url: 'https://example.com' }, {}, /either/], [{ path: '/a/../../admin' }, {}, /segment/], [{ url: 'ftp://example.com' }, {}, /no http/], [{ url: 'not a url' }, {}, /no http/],
    [{ path: '/hooks/a' }, { webhook: undefined }, /unsigned/], [{ path: '/hooks/a' }, { webhook: { secrets: [], tokens: [] } }, /unsigned/], [{ path: '/a' }, { url: 'https://c.invalid' }, /has no url/],
    [{ path: '/hooks/a', headers: { 'webhook-id': 'mine' } }, {}, /cannot be chosen/],
  ])('is not sent at all: %j %j', async (values, settings, words) => {
    await expect(action.send(call(values, settings as Partial<Connection>))).rejects.toThrow(words);
    expect([...(await requests(receiver)), ...(await requests(other))]).toEqual([]);
  });

  it('cannot be cancelled, and a person names it by its webhook-id only', async () => {
    await expect(adapter.cancel()).rejects.toThrow(/cannot be cancelled/);
    const { calls } = call({});
    expect(await adapter.describe(calls, { repository: '' }, nameOfCommand(COMMAND))).toMatchObject({ id: nameOfCommand(COMMAND) });
    expect(await adapter.describe(calls, { repository: '' }, '7')).toBeUndefined();
  });
});
