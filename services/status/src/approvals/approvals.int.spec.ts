import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { approvalId, cloudEvent, subjects, type Approval, type ApprovalChanged, type OrderReply } from '@stellwerk/contracts';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TempDir, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun, next, step } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { RunView } from '../runs/run.response.js';
import type { ApprovalList } from './approval-list.response.js';

let nats: TestNats;
let rig: StatusRig;
let dir: TempDir;
/** Answers in the router's place. */
let router: NatsConnection;

const entry = (name: string, role: string, teams: string[]) => ({ name, role, teams, sha256: createHash('sha256').update(`token-of-${name}`).digest('hex') });

beforeAll(async () => {
  dir = await tempDir('tokens');
  const file = join(dir.path, 'tokens.json');
  await writeFile(file, JSON.stringify([entry('otto', 'operator', ['release']), entry('alice', 'approver', ['release', 'shop'])]));
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: file });
  router = await connect({ servers: nats.url });
});

afterAll(async () => {
  await router?.close();
  await rig?.stop();
  await nats?.stop();
  await dir?.remove();
});

const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-of-${name}`, 'content-type': 'application/json' });

const approvalOf = (run: string, more: Partial<Approval> = {}): Approval => ({
  id: approvalId(run, 'ask', 1), run, flow: 'release', step: 'ask', state: 'requested', by: ['alice', 'team:release'], count: 2, notAuthor: true, votes: [],
  requestedAt: new Date().toISOString(), version: 1, ...more,
});

const tell = (type: string, approval: Approval, run = newRun({ id: approval.run })): Promise<void> =>
  rig.publish(subjects.event('router', type), cloudEvent<ApprovalChanged>({
    id: `${approval.id}:${approval.version}`, source: '/services/router', type, subject: approval.id, time: new Date(), correlationId: approval.run, causationId: 'c', data: { approval, run },
  }));

const list = async (query: string): Promise<ApprovalList> => (await rig.get<ApprovalList>(`/api/approvals?${query}`, as('otto'))).body;

const shown = (run: string, version: number): Promise<ApprovalList['items'][number]> => waitFor(async () => {
  const { items } = await list(`run=${run}`);
  return items[0] && items[0].votes.length >= version - 1 && items[0];
}, { what: `the approval of ${run}` });

const vote = { by: 'alice', decision: 'approve', at: '2026-11-24T08:00:00.000Z' } as const;

describe('approvals', () => {
  it('are listed with what started their run, and told once each, however often and in whatever order they come', async () => {
    const approval = approvalOf(randomUUID(), { until: '2026-11-24T16:00:00.000Z' });
    const voted = { ...approval, votes: [{ ...vote, comment: 'fine' }], version: 2 };
    const decided: Approval = { ...voted, state: 'approved', votes: [...voted.votes, { ...vote, by: 'bob' }], decidedAt: '2026-11-24T09:00:00.000Z', version: 3 };
    for (const _ of [1, 2]) {
      await tell('approval.decided', decided);
      await tell('approval.requested', approval);
      await tell('approval.voted', voted);
    }
    expect(await shown(approval.run, 3)).toMatchObject({
      id: approval.id, state: 'approved', environment: null, by: ['alice', 'team:release'], count: 2, notAuthor: true, reason: null, until: '2026-11-24T16:00:00.000Z',
      votes: [{ by: 'alice', comment: 'fine' }, { by: 'bob', comment: null }], event: { type: 'pipelinerun.finished', repository: 'acme/shop' },
    });
    const told = async () => (await rig.told()).filter(({ event }) => event.subject === approval.id).map(({ subject }) => subject);
    await waitFor(async () => (await told()).length === 3, { what: 'all that is to be told' });
    expect((await told()).sort()).toEqual(['approved', 'requested', 'voted'].map((state) => `status.approval.release.${state}`));
  });

  it('are filtered, newest first, and go on behind the cursor', async () => {
    const flow = `list-${randomUUID().slice(0, 8)}`;
    const all = Array.from({ length: 5 }, (_, at) => approvalOf(randomUUID(), { flow, requestedAt: new Date(Date.UTC(2026, 0, 1, at)).toISOString() }));
    for (const approval of all) await tell('approval.requested', approval);
    await tell('approval.decided', { ...all[0]!, state: 'denied', reason: 'denied by alice', version: 2 });
    await waitFor(async () => (await list(`flow=${flow}&state=denied`)).items.length === 1 && (await list(`flow=${flow}`)).items.length === 5, { what: 'all of them' });
    const first = await list(`flow=${flow}&limit=3&state=requested`);
    const second = await list(`flow=${flow}&limit=3&state=requested&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ run }) => run)).toEqual(all.slice(1).reverse().map(({ run }) => run));
    expect(second.next).toBeNull();
    expect((await rig.get('/api/approvals?state=open', as('otto'))).status).toBe(400);
  });

  it('stand on the step that waits for them', async () => {
    const run = newRun();
    const approval = approvalOf(run.id);
    const waiting = next(run, 'waiting', { steps: [{ ...step('ask', 'waiting'), uses: undefined, awaits: { kind: 'approval' }, approval }] });
    await rig.publishRun('run.waiting', waiting);
    const view = await waitFor(async () => {
      const { status, body } = await rig.get<RunView>(`/api/runs/${run.id}`, as('otto'));
      return status === 200 && body;
    }, { what: 'the run' });
    expect(view.steps[0]).toMatchObject({ state: 'waiting', uses: null, awaits: { kind: 'approval', until: null }, approval: { id: approval.id, state: 'requested', environment: null }, attempts: [] });
  });
});

describe('a vote', () => {
  const post = async (approval: string, body: object, name = 'alice'): Promise<{ status: number; detail: string }> => {
    const response = await fetch(`${rig.url}/api/approvals/${encodeURIComponent(approval)}`, { method: 'POST', headers: as(name), body: JSON.stringify(body) });
    return { status: response.status, detail: ((await response.json()) as { detail: string }).detail };
  };

  it('goes to the router with who it is and from where, its answer comes back, and the audit log knows', async () => {
    const asked: unknown[] = [];
    const answers: OrderReply[] = [{ ok: true, status: 202, detail: '1 of 2 have approved' }, { ok: false, status: 403, detail: 'alice may not' }, { ok: false, status: 409, detail: 'denied already' }];
    const subscription = router.subscribe('router.approve', {
      callback: (_error, message) => {
        const { id, data } = message.json<{ id: string; data: unknown }>();
        asked.push(data);
        message.respond(JSON.stringify({ id, response: answers[asked.length - 1], isDisposed: true }));
      },
    });
    await router.flush();
    const id = approvalId('r1', 'ask', 1);
    expect(await post(id, { decision: 'approve', comment: 'fine' })).toEqual({ status: 202, detail: '1 of 2 have approved' });
    expect(await post(id, { decision: 'deny' })).toEqual({ status: 403, detail: 'alice may not' });
    expect((await post(id, { decision: 'deny' })).status).toBe(409);
    expect(asked[0]).toEqual({ approval: id, decision: 'approve', comment: 'fine', by: 'alice', teams: ['release', 'shop'], from: '127.0.0.1' });
    const audited = await rig.database.query("SELECT person, role, action, target, detail->>'comment' AS comment, detail->>'from' AS address FROM audit_log ORDER BY id LIMIT 1");
    expect(audited).toEqual([{ person: 'alice', role: 'approver', action: 'approval.approve', target: id, comment: 'fine', address: '127.0.0.1' }]);
    subscription.unsubscribe();
  });

  it('needs the role approver, a decision, and an approval', async () => {
    const id = approvalId('r1', 'ask', 1);
    expect((await post(id, { decision: 'approve' }, 'otto')).status).toBe(403);
    expect((await post(id, { decision: 'approve' }, 'nobody')).status).toBe(401);
    for (const body of [{}, { decision: 'maybe' }, { decision: 'deny', comment: 'x'.repeat(501) }]) expect((await post(id, body)).status).toBe(400);
    expect((await post('r1:ask:run:1', { decision: 'approve' })).status).toBe(404);
  });
});
