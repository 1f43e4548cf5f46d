import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshJournal, receiveHooks, until } from '../spec/hook-receiver.js';
import { type GithubSimulatorOptions, startGithubSimulator } from '../github/github.simulator.js';
import type { RunningSimulator } from './types.js';

const REPOSITORIES = { 'acme/shop': { workflows: { 'ci.yml': { name: 'CI' }, 'deploy.yml': { name: 'Deploy', inputs: [] } } } };

describe('a simulator under faults', () => {
  let simulator: RunningSimulator;
  let receiver: Awaited<ReturnType<typeof receiveHooks>>;

  const start = async (options: Partial<GithubSimulatorOptions> = {}): Promise<void> => {
    simulator = await startGithubSimulator({
      journalFile: freshJournal(),
      hookUrl: receiver.url,
      token: 'good',
      hookSecret: 's',
      repositories: REPOSITORIES,
      runMilliseconds: 40,
      ...options,
    });
  };
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${simulator.url}${path}`, { ...init, headers: { authorization: 'Bearer good', connection: 'close' } });
  const dispatch = (signal?: AbortSignal): Promise<Response> =>
    call('/repos/acme/shop/actions/workflows/deploy.yml/dispatches', { method: 'POST', body: '{"ref":"main"}', signal });
  /** For what shall not end by itself: whether it has, and the end of waiting for it. */
  const patience = () => {
    const end = new AbortController();
    let waited: Promise<unknown> | undefined;
    const isOver = (work: Promise<unknown>): (() => boolean) => {
      let over = false;
      waited = work.finally(() => { over = true; });
      waited.catch(() => undefined);
      return () => over;
    };
    const giveUp = async (): Promise<void> => {
      end.abort();
      await expect(waited).rejects.toThrow('abort');
    };
    return { signal: end.signal, isOver, giveUp };
  };
  const order = (path: string, body: unknown): Promise<Response> =>
    fetch(`${simulator.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const actions = (): string[] =>
    receiver.hooks
      .filter((hook) => hook.headers['x-github-event'] === 'workflow_run')
      .map((hook) => (JSON.parse(hook.body) as { action: string }).action);

  beforeEach(async () => {
    receiver = await receiveHooks();
    await start();
  });
  afterEach(async () => {
    await simulator.close();
    await receiver.close();
  });

  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('%s: cuts the connection, %i runs were started', async (kind, runs) => {
    await order('faults', { kind, method: 'POST' });
    await expect(dispatch()).rejects.toThrow();
    expect(simulator.runs()).toHaveLength(runs);
    expect((await dispatch()).status).toBe(204);
  });

  it.each([
    ['hang-before', 0],
    ['hang-after', 1],
  ] as const)('%s: never answers, %i runs were started', async (kind, runs) => {
    await order('faults', { kind, method: 'POST' });
    const { signal, isOver, giveUp } = patience();
    const asked = isOver(dispatch(signal));
    const last = async () => (await simulator.journal()).findLast((entry) => entry.kind === 'request');
    expect(await until('the request', last)).toMatchObject({ fault: kind, acted: runs === 1 });
    // Whoever asks later is answered.
    expect((await call('/user')).status).toBe(200);
    expect(asked()).toBe(false);
    await giveUp();
    expect(simulator.runs()).toHaveLength(runs);
  });

  it.each([
    ['status', 503, 0],
    ['status-after', 502, 1],
  ] as const)('%s: says %i, %i runs were started', async (kind, status, runs) => {
    await order('faults', [{ kind, status, method: 'POST' }]);
    expect((await dispatch()).status).toBe(status);
    expect(simulator.runs()).toHaveLength(runs);
  });

  it('sends JSON that ends in the middle, and answers late', async () => {
    await order('faults', { kind: 'malformed', path: '/user' });
    await expect((await call('/user')).json()).rejects.toThrow();
    await order('faults', { kind: 'delay', delayMs: 120, path: '/user' });
    const before = Date.now();
    expect((await call('/user')).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(115);
  });

  it('answers with a body that never ends, and with one that is far too long', async () => {
    await order('faults', [{ kind: 'slow-body', method: 'POST' }, { kind: 'huge-body', method: 'POST' }]);
    const { signal, isOver, giveUp } = patience();
    const read = isOver((await dispatch(signal)).text());
    expect((await (await dispatch()).arrayBuffer()).byteLength).toBeGreaterThan(8 * 1024 * 1024);
    expect(read()).toBe(false);
    await giveUp();
    expect(simulator.runs()).toHaveLength(2);
    expect((await simulator.journal()).findLast(({ kind }) => kind === 'request')!.answer!.body).toMatch(/^a text of \d+, not kept$/);
  });

  it('has written a request down before its answer is heard', async () => {
    await dispatch();
    expect((await simulator.journal()).filter((entry) => entry.kind === 'request')).toMatchObject([
      { method: 'POST', answer: { status: 204 }, body: { ref: 'main' } },
    ]);
  });

  it('keeps of long lists no more than their length', async () => {
    for (let n = 0; n < 25; n += 1) simulator.push({});
    const response = await call('/repos/acme/shop/actions/runs?per_page=100');
    expect(((await response.json()) as { workflow_runs: [] }).workflow_runs).toHaveLength(25);
    expect((await simulator.journal()).findLast(({ kind }) => kind === 'request')?.answer).toMatchObject({ status: 200, body: 'a list of 25, not kept' });
  });

  it('drops, doubles and mixes up its hooks', async () => {
    await order('hooks', { drop: 1, match: 'requested' });
    simulator.push({});
    await until('the end', () => actions().length === 2);
    expect(actions().sort()).toEqual(['completed', 'in_progress']);
    await order('hooks', { duplicate: 1, match: 'completed' });
    simulator.push({});
    const ends = await until('the end, twice', () => {
      const found = receiver.hooks.filter((hook) => hook.body.includes('"action":"completed"') && hook.headers['x-github-event'] === 'workflow_run');
      return found.length === 3 && found;
    });
    expect(ends[1]!.headers['x-github-delivery']).toBe(ends[2]!.headers['x-github-delivery']);
    receiver.hooks.length = 0;
    await order('hooks', { reorder: 3, match: 'workflow_run ' });
    simulator.push({});
    await until('three hooks', () => actions().length === 3);
    expect([...actions()].sort()).toEqual(['completed', 'in_progress', 'requested']);
    const told = async (): Promise<string[]> =>
      (await simulator.journal())
        .filter((entry) => entry.kind === 'hook' && entry.headers['x-github-event'] === 'workflow_run')
        .slice(-3)
        .map((entry) => (entry.body as { action: string }).action)
        .sort();
    // A hook is entered when its answer is there, which is after the receiver has it.
    await until('the hooks in the journal', async () => (await told()).join() === 'completed,in_progress,requested');
  });

  it('does not mind that nobody takes its hooks', async () => {
    await receiver.close();
    simulator.push({});
    const failed = await until('a hook that failed', () => simulator.sentHooks().find((hook) => hook.state === 'failed'));
    expect(failed.answer).toContain('ECONNREFUSED');
    expect((await call('/user')).status).toBe(200);
  });

  it('lists hooks by event and object without their bodies, and sends one again under its id', async () => {
    const { id } = simulator.push({}) as { id: number };
    const url = `${simulator.url}/_simulator/hooks?event=workflow_run&about=${id}%20completed`;
    const list = async (): Promise<{ id: number; delivery: string; state: string; body?: string }[]> =>
      ((await (await fetch(url, { headers: { connection: 'close' } })).json()) as { items: [] }).items;
    const [hook] = await until('the hook', async () => {
      const found = await list();
      return found[0]?.state === 'delivered' && found;
    });
    expect(hook!.body).toBeUndefined();
    expect((await order(`hooks/${hook!.id}/redeliver`, {})).status).toBe(202);
    const both = await until('the redelivery', async () => {
      const found = await list();
      return found.length === 2 && found;
    });
    expect(both[1]!.delivery).toBe(hook!.delivery);
    expect((await order('hooks/999999/redeliver', {})).status).toBe(404);
  });

  it('stops calls beyond the hourly limit and says when it ends', async () => {
    await simulator.close();
    await start({ rateLimit: 1 });
    await call('/user');
    const refused = await call('/user');
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(Number(refused.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  });
});
