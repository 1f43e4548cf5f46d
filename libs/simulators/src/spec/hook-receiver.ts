import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A hook as it arrived. */
export interface ReceivedHook {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Takes hooks on a free port, for the specs of this lib alone. */
export const receiveHooks = async (): Promise<{ url: string; hooks: ReceivedHook[]; close: () => Promise<void> }> => {
  const hooks: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      hooks.push({ url: request.url!, headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(202).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, hooks, close };
};

/** Waits for a condition; fails with its name. Errors are looked past: a connection kept alive to a restarted server breaks once. */
export const until = async <T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> => {
  const deadline = Date.now() + 10_000;
  let error: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (thrown) {
      error = thrown;
    }
    await wait(10);
  }
  throw new Error(`waited in vain for ${what}`, { cause: error });
};

export const freshJournal = (): string => join(mkdtempSync(join(tmpdir(), 'simulator-')), 'journal.jsonl');
