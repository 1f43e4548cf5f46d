import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { approvalId, type RunSnapshot } from '@stellwerk/contracts';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TempDir, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { letterOf, openBroker } from '../../test/letters.js';
import { newRun } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { DeadLetterList } from '../dead-letters/dead-letter.response.js';

let nats: TestNats;
let rig: StatusRig;
let dir: TempDir;
/** Answers in the router's place. */
let router: NatsConnection;
let asked: string[];
/** Of a flow with `team: shop`, and of one without labels. */
let own: RunSnapshot;
let other: RunSnapshot;

const entry = (name: string, role: string, labels?: object) => ({ name, role, labels, sha256: createHash('sha256').update(`token-of-${name}`).digest('hex'), teams: [] });

const shown = async (run: RunSnapshot): Promise<RunSnapshot> => {
  await rig.publishRun('run.started', run);
  await waitFor(async () => (await rig.get(`/api/runs/${run.id}`, as('sam'))).status === 200, { what: `run ${run.id}` });
  return run;
};

beforeAll(async () => {
  dir = await tempDir('tokens');
  const file = join(dir.path, 'tokens.json');
  await writeFile(file, JSON.stringify([entry('sam', 'admin', { team: 'shop' }), entry('otto', 'operator')]));
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: file });
  router = await connect({ servers: nats.url });
  router.subscribe('router.*', { callback: (_error, message) => {
    asked.push(message.subject);
    message.respond(JSON.stringify({ id: message.json<{ id: string }>().id, response: { ok: true, status: 202, detail: 'done', plan: { cancels: [], steps: [] } }, isDisposed: true }));
  } });
  await router.flush();
  const { revision } = rig.resources.current().flows['release']!;
  await waitFor(async () => (await rig.get('/api/flows/release/revisions', as('sam'))).status === 200, { what: 'the revision to be written down' });
  own = await shown(newRun({ revision }));
  other = await shown(newRun({ flow: 'by-hand' }));
}, 120_000);

beforeEach(() => { asked = []; });

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await nats?.stop();
  await dir?.remove();
});

const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-of-${name}` });

const post = async (path: string, body: object = {}, name = 'sam'): Promise<{ status: number; detail: string }> => {
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', headers: { ...as(name), 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, detail: ((await response.json()) as { detail: string }).detail };
};

const audited = async (): Promise<number> => (await rig.database.query<{ lines: number }>('SELECT count(*)::int AS lines FROM audit_log'))[0]!.lines;

const ORDERS: [string, (run: string) => string, object, string][] = [
  ['cancel', (run) => `/api/runs/${run}/cancel`, {}, 'router.cancel'],
  ['retry', (run) => `/api/runs/${run}/retry`, {}, 'router.retry'],
  ['rollback', (run) => `/api/runs/${run}/rollback`, {}, 'router.rollback'],
  ['resolve', (run) => `/api/runs/${run}/steps/scan/resolve`, { ran: false }, 'router.resolve'],
  ['vote', (run) => `/api/approvals/${encodeURIComponent(approvalId(run, 'ask', 1))}`, { decision: 'approve' }, 'router.approve'],
];

describe('whose token is for flows with certain labels', () => {
  it.each(ORDERS)('may %s for a flow that has them, and for no other: nobody is asked to, and nothing is audited', async (_what, path, body, pattern) => {
    expect(await post(path(own.id), body)).toEqual({ status: 202, detail: 'done' });
    expect(asked).toEqual([pattern]);
    const lines = await audited();
    expect(await post(path(other.id), body)).toEqual({ status: 403, detail: 'sam may give orders about flows with team: shop only; flow "by-hand" has none.' });
    expect((await post(path('no-such-run'), body)).status).toBe(404);
    expect([asked, await audited()]).toEqual([[pattern], lines]);
  });

  it('may start such flows, and no others', async () => {
    expect((await post('/api/flows/release/runs')).status).toBe(202);
    const lines = await audited();
    expect((await post('/api/flows/by-hand/runs', { inputs: { version: 'v1' } })).status).toBe(403);
    for (const name of ['nothing', 'constructor']) expect((await post(`/api/flows/${name}/runs`)).status).toBe(404);
    expect(await audited()).toBe(lines);
  });

  it.each([
    '/api/dead-letters/replay', '/api/dead-letters/purge', '/api/dead-letters/1/replay', '/api/dead-letters/1/purge', '/api/hooks/replay', '/api/replays/1/stop',
    '/api/connections/github/setup',
  ])('may not order what is about more than a flow: %s', async (path) => {
    expect(await post(path, { all: true, reason: 'x' })).toEqual({ status: 403, detail: 'sam may give orders about flows with team: shop only; this one is not about one flow.' });
  });

  it('may look at every flow, ask what a rollback would do, and try files', async () => {
    for (const path of [`/api/runs/${other.id}`, '/api/runs', '/api/approvals', '/api/dead-letters']) expect((await rig.get(path, as('sam'))).status).toBe(200);
    expect((await post(`/api/runs/${other.id}/rollback`, { dryRun: true })).status).toBe(200);
    expect((await post('/api/backtest', { files: [] })).status).not.toBe(403);
  });

  it('sees that there are dead letters, and not their bodies, which are of any flow', async () => {
    const broker = await openBroker(nats.url);
    await broker.publish(letterOf({ messageId: 'm1', body: '{"of":"another team"}' }));
    await broker.close();
    const preview = async (name: string) => (await rig.get<DeadLetterList>('/api/dead-letters', as(name))).body.items.map((letter) => letter.preview);
    await waitFor(async () => (await preview('otto')).length === 1, { what: 'the letter' });
    expect([await preview('otto'), await preview('sam')]).toEqual([['{"of":"another team"}'], [null]]);
  });

  it('is the only one who is held to them', async () => {
    expect((await post(`/api/runs/${other.id}/cancel`, {}, 'otto')).status).toBe(202);
  });
});

describe('the labels that count', () => {
  it('are those in force, also for runs from before; of a flow that is gone those that its run began with', async () => {
    const text = await readFile(rig.configFile, 'utf8');
    const answer = async (config: string, status: number): Promise<void> => {
      await writeFile(rig.configFile, config);
      await waitFor(async () => (await post(`/api/runs/${own.id}/cancel`)).status === status, { what: `${status} by another configuration`, timeoutMs: 30_000 });
    };
    await answer(text.replace('team: shop', 'team: billing'), 403);
    await answer(text.split('---\n').filter((document) => !document.includes('name: release,')).join('---\n'), 202);
    // Nobody remembers what that one was.
    const old = await shown(newRun({ revision: 'not-known-here' }));
    expect(await post(`/api/runs/${old.id}/cancel`)).toMatchObject({ status: 403, detail: expect.stringContaining('flow "release" has none') });
  });
});
