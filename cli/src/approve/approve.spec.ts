import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';
import type { Approval } from './approvals.js';

const approval = (run: string, more: Partial<Approval> = {}): Approval => ({
  id: `${run}:ask:approval:1`, state: 'requested', flow: 'release', run, step: 'ask', environment: null, by: ['alice', 'team:release'], count: 2,
  votes: [{ by: 'alice', decision: 'approve', comment: null }], until: null, event: { repository: 'acme/shop', branch: 'main', title: 'fix\u001b[31m' }, ...more,
});

describe('stellwerk approve', () => {
  let server: Server;
  let asked: { method: string; path: string; body: unknown }[];
  let pages: Record<string, { items: Approval[]; next: string | null }>;
  let answer: { status: number; detail: string };

  beforeEach(async () => {
    asked = [];
    pages = {};
    answer = { status: 202, detail: '1 of 2 have approved' };
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      request.on('end', () => {
        asked.push({ method: request.method!, path: request.url!, body: text === '' ? undefined : JSON.parse(text) });
        const [status, body] = request.method === 'POST' ? [answer.status, { detail: answer.detail }] : [200, pages[request.url!] ?? { items: [], next: null }];
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = (...args: string[]) => say(server, ['approve', ...args]);

  it('says yes, or no with a comment, and repeats what became of it', async () => {
    expect(await run('r1:ask:approval:1')).toEqual({ code: 0, out: ['1 of 2 have approved'], err: [] });
    await run('r1:ask:approval:1', '--deny', '--comment', 'not today');
    expect(asked).toEqual([
      { method: 'POST', path: '/api/approvals/r1%3Aask%3Aapproval%3A1', body: { decision: 'approve' } },
      { method: 'POST', path: '/api/approvals/r1%3Aask%3Aapproval%3A1', body: { decision: 'deny', comment: 'not today' } },
    ]);
  });

  it('ends with 1 and the reason when it may not be', async () => {
    answer = { status: 403, detail: 'mallory may not vote here' };
    expect(await run('r1:ask:approval:1')).toEqual({ code: 1, out: [], err: ['error: mallory may not vote here'] });
  });

  it('without an id lists what is open, over pages, as plain text', async () => {
    pages['/api/approvals?state=requested&limit=50'] = { items: [approval('r1')], next: 'further' };
    pages['/api/approvals?state=requested&limit=49&cursor=further'] = { items: [approval('r2', { environment: 'production', until: '2026-11-24T16:00:00Z' })], next: null };
    const { code, out } = await run();
    expect([code, out.length]).toEqual([0, 3]);
    expect(out[1]).toMatch(/^r1:ask:approval:1 +requested +release +ask +1\/2 +alice,team:release +acme\/shop @ main "fix \[31m"$/);
    expect(out[2]).toContain('production');
    expect((await run('--all', '--flow', 'other')).out).toEqual(['no approvals']);
    expect(asked.at(-1)!.path).toBe('/api/approvals?flow=other&limit=50');
  });

  it.each([['a vote without saying on what', ['--deny']], ['a comment on nothing', ['--comment', 'x']], ['a filter beside an id', ['r1:ask:approval:1', '--all']], ['a place in the list beside an id', ['r1:ask:approval:1', '--cursor', 'x']]])('refuses %s', async (_what, args) => {
    expect((await run(...args)).code).toBe(2);
    expect(asked).toEqual([]);
  });
});
