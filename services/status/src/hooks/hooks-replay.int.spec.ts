import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TempDir, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { letterOf, openBroker, post, type Broker, type Kept } from '../../test/letters.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { ReplayView } from '../replays/replay.response.js';

let nats: TestNats;
let rig: StatusRig;
let broker: Broker;
let dir: TempDir;

const entry = (name: string, role: string) => ({ name, role, sha256: createHash('sha256').update(`token-of-${name}`).digest('hex'), teams: [] });
const OTTO = 'token-of-otto';
const as = (token: string) => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  dir = await tempDir('tokens');
  const file = join(dir.path, 'tokens.json');
  await writeFile(file, JSON.stringify([entry('vera', 'viewer'), entry('otto', 'operator')]));
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: file });
  broker = await openBroker(nats.url);
}, 180_000);

afterAll(async () => {
  await broker?.close();
  await rig?.stop();
  await nats?.stop();
  await dir?.remove();
});

beforeEach(async () => {
  await broker.manager.streams.purge('HOOKS');
  await settled();
});

/** No ingress runs here: what is before it counts as taken. */
const settled = (): Promise<void> => broker.settle('HOOKS', 'ingress-hooks');

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const hook = (id: string, minutes: number, more: Record<string, string> = {}, connection = 'github'): Promise<number> => broker.publish({
  subject: `hooks.github.${connection}`, id: more['Nats-Msg-Id'] ?? id, body: JSON.stringify({ id }),
  headers: { 'hook-id': id, 'hook-received-at': ago(minutes), 'hook-x-github-event': 'workflow_run', ...more },
});

const order = (body: object, token = OTTO) => post<ReplayView & { detail: string }>(`${rig.url}/api/hooks/replay`, body, token);
const replay = async (number: number): Promise<ReplayView> => (await rig.get<ReplayView>(`/api/replays/${number}`, as(OTTO))).body;
const ended = (number: number) => waitFor(async () => {
  const found = await replay(number);
  return found.state !== 'running' && found;
}, { what: `the end of replay ${number}`, timeoutMs: 25_000 });
const copies = async (): Promise<Kept[]> => (await broker.stored('HOOKS')).filter(({ id }) => id.includes(':replay:'));

describe('a replay of hooks', () => {
  it('puts those received in the time asked for into HOOKS once more, as they came, under ids of its own', async () => {
    await hook('github:early', 90);
    await hook('github:one', 30, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
    await hook('github:large', 20, { 'hook-body-ref': 'github:large' });
    const { status, body } = await order({ since: '1h' });
    expect([status, body.kind, body.by]).toEqual([202, 'hooks', 'otto']);
    expect(await ended(body.number)).toMatchObject({ state: 'done', matched: 2, sent: 2, again: false, dryRun: false });
    const found = await copies();
    expect(found.map(({ id }) => id)).toEqual([`github:one:replay:${body.number}`, `github:large:replay:${body.number}`]);
    expect(found[0]).toMatchObject({ subject: 'hooks.github.github', headers: { 'hook-id': 'github:one', 'hook-x-github-event': 'workflow_run' } });
    expect(found[0]!.headers.traceparent).toContain('a'.repeat(32));
    expect(found[0]!.headers['replay-again']).toBeUndefined();
    expect(found[0]!.body.toString()).toBe('{"id":"github:one"}');
    expect(found[1]!.headers['hook-body-ref']).toBe('github:large');
  });

  it('does not copy the copies of the one before', async () => {
    await hook('github:two', 5);
    for (const expected of [1, 2]) {
      const { body } = await order({ since: '1h' });
      expect(await ended(body.number)).toMatchObject({ matched: 1, sent: 1 });
      expect(await copies()).toHaveLength(expected);
      await settled();
    }
  });

  it('takes the hooks of one connection, by id, or until a time', async () => {
    await hook('github:a', 5);
    await hook('github:b', 50);
    await hook('other:c', 5, {}, 'other');
    expect(await ended((await order({ since: '2h', connection: 'other' })).body.number)).toMatchObject({ matched: 1, scanned: 1 });
    expect(await ended((await order({ ids: ['github:b', 'github:gone'] })).body.number)).toMatchObject({ matched: 1 });
    expect(await ended((await order({ since: '2h', until: '30m' })).body.number)).toMatchObject({ matched: 1 });
    expect((await copies()).map(({ headers }) => headers['hook-id'])).toEqual(['other:c', 'github:b', 'github:b']);
  });

  it('marks what shall start again, and only counts in a dry run', async () => {
    await hook('github:d', 5);
    const dry = await ended((await order({ since: '1h', dryRun: true })).body.number);
    expect([dry.matched, dry.sent, (await copies()).length]).toEqual([1, 0, 0]);
    const { body } = await order({ since: '1h', again: true });
    await ended(body.number);
    expect((await copies()).map(({ headers }) => headers['replay-again'])).toEqual([String(body.number)]);
  });

  it('waits while live hooks are before it, runs one at a time, and can be stopped', async () => {
    for (let n = 0; n < 150; n += 1) await hook(`github:live-${n}`, 1);
    const { body } = await order({ since: '1h' });
    const waiting = await waitFor(async () => {
      const found = await replay(body.number);
      return found.detail !== null && found;
    }, { what: 'the replay to wait' });
    expect(waiting).toMatchObject({ state: 'running', sent: 0, detail: expect.stringMatching(/^1\d\d messages are before it$/) });
    expect(await order({ since: '1h' })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('under way') } });
    const stopped = await post<ReplayView>(`${rig.url}/api/replays/${body.number}/stop`, {}, OTTO);
    expect(stopped).toMatchObject({ status: 200, body: { state: 'stopped' } });
    await settled();
    expect(await ended((await order({ since: '1h' })).body.number)).toMatchObject({ state: 'done', matched: 150, sent: 150 });
    expect(new Set((await copies()).map(({ id }) => id)).size).toBe(150);
  }, 180_000);

  it('goes on after an outage of the broker where it was', async () => {
    for (let n = 0; n < 40; n += 1) await hook(`github:out-${n}`, 1);
    await settled();
    await nats.kill();
    const { status, body } = await order({ since: '1h' });
    expect(status).toBe(202);
    await nats.restart();
    await ended(body.number);
    expect((await copies()).map(({ headers }) => headers['hook-id'])).toEqual(Array.from({ length: 40 }, (_, n) => `github:out-${n}`));
  }, 180_000);

  it.each([[{}, 'since must be given'], [{ since: 'yesterday' }, 'since must be'], [{ since: '1h', until: '2h' }, 'since must be before until'], [{ ids: [] }, 'ids must be'], [{ since: '1h', connection: 'a.>' }, 'connection must be']])(
    '%j is refused and says what was expected', async (body, detail) => {
      expect(await order(body)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    });
});

describe('with roles', () => {
  it('a viewer orders nothing and sees no bodies, an operator does both', async () => {
    await broker.publish(letterOf({ messageId: 'roles:1', body: 'for operators' }));
    const letter = async (token: string) => (await rig.get<{ items: { id: string; preview: string | null; reason: string }[] }>('/api/dead-letters?messageId=roles:1', as(token))).body.items[0];
    const found = (await waitFor(() => letter(OTTO), { what: 'the letter' }))!;
    expect(found.preview).toBe('for operators');
    expect(await letter('token-of-vera')).toMatchObject({ preview: null, reason: 'body is not JSON' });
    for (const path of [`/api/dead-letters/${found.id}/replay`, `/api/dead-letters/${found.id}/purge`, '/api/dead-letters/replay', '/api/dead-letters/purge', '/api/hooks/replay', '/api/replays/1/stop']) {
      expect((await post(`${rig.url}${path}`, { reason: 'x', all: true, since: '1h' }, 'token-of-vera')).status, path).toBe(403);
    }
    expect((await rig.get('/api/dead-letters')).status).toBe(401);
    const audited = await rig.database.query('SELECT DISTINCT person, role FROM audit_log');
    expect(audited).toEqual([{ person: 'otto', role: 'operator' }]);
  });
});
