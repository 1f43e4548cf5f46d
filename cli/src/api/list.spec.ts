import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';

const LISTS = [['runs', ['runs'], '/api/runs'], ['approve', ['approve', '--all'], '/api/approvals'], ['dead-letters list', ['dead-letters', 'list', '--state', 'all'], '/api/dead-letters']] as const;

/** Of a list of 450 the part that is asked for; the cursor is the place of the next one. */
const pageOf = (url: URL): { items: object[]; next: string | null } => {
  const [from, limit] = [Number(url.searchParams.get('cursor') ?? '0'), Number(url.searchParams.get('limit'))];
  const items = Array.from({ length: Math.min(limit, 200, 450 - from) }, (_, at) => ({
    id: String(from + at), event: {}, votes: [], by: [], count: 1, replay: null, purge: null, reason: '', at: '', createdAt: '', flow: 'f', step: 's', environment: null, until: null, state: 'failed', consumer: '', subject: '', stream: '', deliveries: 1,
  }));
  return { items, next: from + items.length < 450 ? String(from + items.length) : null };
};

describe.each(LISTS)('%s', (_name, command, path) => {
  let server: Server;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url!);
      const url = new URL(request.url!, 'http://status');
      response.writeHead(url.pathname === path ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(pageOf(url)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const json = async (...args: string[]) => JSON.parse((await say(server, [...command, '--json', ...args])).out.join('\n')) as { items: { id: string }[]; next: string | null };

  it('--json prints what the API gives, and --cursor goes on from its "next" until there is none', async () => {
    const first = await json('--limit', '250');
    expect([Object.keys(first), first.items.length, first.items.at(-1)!.id, first.next]).toEqual([['items', 'next'], 250, '249', '250']);
    const second = await json('--limit', '250', '--cursor', first.next!);
    expect([second.items[0]!.id, second.items.length, second.next]).toEqual(['250', 200, null]);
    expect(asked).toEqual(['limit=200', 'limit=50&cursor=200', 'limit=200&cursor=250'].map((query) => `${path}?${query}`));
  });

  it('says to people that there are more, and how to see them', async () => {
    const { code, out, err } = await say(server, [...command, '--limit', '7']);
    expect([code, out.length, err]).toEqual([0, 8, ['there are more than these 7: --limit shows more, --cursor 7 goes on']]);
    expect((await say(server, [...command, '--limit', '500'])).err).toEqual([]);
  });
});
