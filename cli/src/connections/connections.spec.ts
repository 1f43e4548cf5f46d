import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';
import type { HookChange } from './connections.js';

const connection = (name: string, findings: object[], state: string) => ({
  name, platform: 'github', url: 'https://api.github.com', hookPath: `/hooks/${name}`, check: { at: null, state, findings },
});
const plan: HookChange[] = [
  { place: 'acme/shop', action: 'create', lines: ['create a webhook'], done: false }, { place: 'acme/site', action: 'none', lines: [], done: false },
];

describe('stellwerk connections', () => {
  let server: Server;
  let asked: { path: string; body: unknown }[];
  let answers: Record<string, { status?: number; body: unknown }>;

  beforeEach(async () => {
    asked = [];
    answers = { '/api/connections': { body: { items: [connection('github', [], 'ok'), connection('other', [], 'ok')] } } };
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      request.on('end', () => {
        const body = text === '' ? undefined : (JSON.parse(text) as unknown);
        if (request.method === 'POST') asked.push({ path: request.url!, body });
        const { status = 200, body: answer } = answers[request.url!] ?? { status: 404, body: { detail: 'nothing here' } };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(typeof answer === 'function' ? (answer as (body: unknown) => unknown)(body) : answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = (args: string[], ask?: () => Promise<boolean>) => say(server, ['connections', ...args], { ...(ask && { ask }) });

  it('says of a connection without an address that it has none', async () => {
    const bare = { ...connection('events', [], 'ok'), platform: 'webhook', url: null };
    Object.assign(answers, { '/api/connections': { body: { items: [bare] } }, '/api/connections/events/check': { body: bare } });
    expect((await run(['list'])).out.at(-1)).toMatch(/^events +webhook +ok +\/hooks\/events +none$/);
    expect((await run(['check'])).out).toEqual(['events: ok (webhook, no url)']);
  });

  it('check says all that was found, what to do about it, and ends with 1 for a fault', async () => {
    answers['/api/connections/github/check'] = { body: connection('github', [
      { about: 'credentials', level: 'ok', text: 'the platform takes them' }, { about: 'acme/shop', level: 'fault', text: 'no webhook leads to us', remedy: 'stellwerk connections setup github' },
    ], 'fault') };
    expect(await run(['check', 'github'])).toEqual({ code: 1, err: [], out: [
      'github: fault (github, https://api.github.com)', '  ok     credentials  the platform takes them', '  FAULT  acme/shop    no webhook leads to us → stellwerk connections setup github',
    ] });
  });

  it('check shows what is known when a connector does not answer, and that it does not', async () => {
    answers['/api/connections/github/check'] = { body: connection('github', [{ about: 'calls', level: 'ok', text: 'are made' }], 'ok') };
    answers['/api/connections/other/check'] = { status: 503, body: { detail: 'The github-connector does not answer' } };
    const { code, out, err } = await run(['check']);
    expect([code, err]).toEqual([1, ['looking at 2 connections …']]);
    expect(out).toContain('  FAULT  check  The github-connector does not answer');
  });

  it('setup shows what it would do, asks, does it one by one, and says so', async () => {
    answers['/api/connections/github/setup'] = { body: (body: { dryRun: boolean }) => ({ changes: body.dryRun ? plan : [{ ...plan[0], done: true }] }) };
    let shown = false;
    const { code, out, err } = await run(['setup', 'github'], async () => (shown = true));
    expect([code, shown, err]).toEqual([0, true, ['1 of 1: acme/shop …']]);
    expect(out).toEqual([
      'acme/shop: is to be created', '  -  create a webhook', 'acme/site: nothing to do',
      'acme/shop: created', '  -  create a webhook', 'acme/site: nothing to do',
    ]);
    expect(asked.map(({ body }) => body)).toEqual([{ dryRun: true }, { repositories: ['acme/shop'], dryRun: false }]);
  });

  it('setup changes nothing when nobody says yes', async () => {
    answers['/api/connections/github/setup'] = { body: { changes: plan } };
    expect(await run(['setup', 'github'], async () => false)).toMatchObject({ code: 1, err: ['nothing was changed'] });
    expect(await run(['setup', 'github', '--json'])).toMatchObject({ code: 2, out: [] });
    expect(await run(['setup', 'github', '--dry-run', '--json'])).toMatchObject({ code: 0, out: JSON.stringify({ changes: plan }, null, 2).split('\n') });
    expect(asked.every(({ body }) => (body as { dryRun: boolean }).dryRun)).toBe(true);
  });

  it('setup ends with 1 where something cannot be set up', async () => {
    answers['/api/connections/github/setup'] = { body: { changes: [{ place: 'acme/shop', action: 'refused', lines: ['GitHub refuses: HTTP 403'], done: false }] } };
    expect(await run(['setup', 'github', '--repository', 'acme/shop', '--yes'])).toEqual({ code: 1, err: [], out: ['acme/shop: cannot be set up', '  -  GitHub refuses: HTTP 403'] });
  });

  it('know their names', async () =>
    expect(await run(['check', 'githb'])).toMatchObject({ code: 2, err: ['error: there is no connection "githb"; there are github, other'] }));
});
