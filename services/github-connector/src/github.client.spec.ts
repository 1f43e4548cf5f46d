import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import { walkDispatchedRuns } from './github.client.js';

/** A server with so many runs in each second, that shows a thousand of a search, in pages of at most so many. */
const serverWith = (perSecond: number, page = 100): { calls: ConnectionCalls; read: string[] } => {
  const read: string[] = [];
  const calls = {
    read: async (path: string) => {
      read.push(path);
      const query = new URL(path, 'https://api.github.com').searchParams;
      const [from, until] = query.get('created')!.split('..').map((time) => Date.parse(time) / 1_000) as [number, number];
      const total = (until - from + 1) * perSecond;
      const shown = Math.max(0, Math.min(total, 1_000) - (Number(query.get('page')) - 1) * page);
      const runs = Array.from({ length: Math.min(page, shown) }, (_, n) => ({ id: `${from}-${until}-${query.get('page')}-${n}` }));
      return { status: 200, json: () => ({ total_count: total, workflow_runs: runs }) };
    },
  };
  return { calls: calls as unknown as ConnectionCalls, read };
};

const window = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-01-01T00:00:16Z') };

describe('going through the runs of a time', () => {
  it('cuts the time until a search shows all of it', async () => {
    let seen = 0;
    const server = serverWith(150);
    expect(await walkDispatchedRuns(server.calls, 'acme/shop', { event: 'workflow_dispatch', window, most: 200 }, (page) => ((seen += page.length), false))).toBe('whole');
    expect(seen).toBeGreaterThanOrEqual(17 * 150);
  });

  it('goes on where the server gives less than was asked for', async () => {
    let seen = 0;
    expect(await walkDispatchedRuns(serverWith(10, 30).calls, 'acme/shop', { event: 'workflow_dispatch', window, most: 200 }, (page) => ((seen += page.length), false))).toBe('whole');
    expect(seen).toBe(17 * 10);
  });

  it('says when one second holds more than a search shows', async () => {
    expect(await walkDispatchedRuns(serverWith(2_000).calls, 'acme/shop', { event: 'workflow_dispatch', window, most: 200 }, () => false)).toBe('cut');
  });

  it('reads no more than it may, and no further than was asked for', async () => {
    const server = serverWith(150);
    expect(await walkDispatchedRuns(server.calls, 'acme/shop', { event: 'workflow_dispatch', window, most: 5 }, () => false)).toBe('cut');
    expect(server.read).toHaveLength(5);
    expect(await walkDispatchedRuns(serverWith(10).calls, 'acme/shop', { event: 'workflow_dispatch', window, most: 5 }, () => true)).toBe('stopped');
  });
});
