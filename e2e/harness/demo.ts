import { waitFor } from '@stellwerk/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stellwerk } from './stellwerk.js';

export interface RunSeen {
  id: string;
  state: string;
  reason?: string | null;
  event: { url?: string; sha?: string };
  steps: { name: string; state: string; attempts: { number: number; state: string; run?: { id: string; url?: string } }[] }[];
}

export interface Pushed {
  id: number;
  sha: string;
}

interface Journaled {
  path: string;
  body?: unknown;
  answer?: { status: number };
}

const FINAL = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

type Platform = 'github' | 'gitlab' | 'jenkins' | 'chat';

/** The demo of `npm start`, steered and read from outside: simulators over HTTP, runs over the status API. */
export class Demo {
  readonly #ports: Record<Platform, number>;

  constructor(private readonly stellwerk: Stellwerk) {
    this.#ports = (JSON.parse(readFileSync(join(stellwerk.data, 'demo', 'demo.json'), 'utf8')) as { ports: Record<Platform, number> }).ports;
  }

  /** A green CI run on the simulated GitHub, whose signed hooks follow. */
  async push(sha: string, milliseconds = 200): Promise<Pushed> {
    const run = await this.#ask<{ id: number }>('github', '/push', {
      repository: 'acme/shop', workflow: 'ci.yml', branch: 'main', sha, milliseconds, message: 'A change',
    });
    return { id: run.id, sha };
  }

  /** GitHub repeats no hook: what the door could not take while it was away is sent again, as an operator would. */
  async redeliverUntaken(pushed: Pushed): Promise<void> {
    const { items } = await this.#ask<{ items: { id: number; state: string; about: string }[] }>(
      'github', `/hooks?event=workflow_run&about=${encodeURIComponent(`${pushed.id} completed`)}`);
    const settled = items.filter(({ state }) => state !== 'pending');
    if (settled.length > 0 && settled.every(({ state }) => state !== 'delivered')) {
      await this.#ask('github', `/hooks/${settled[0]!.id}/redeliver`, {});
    }
  }

  async runOf(sha: string): Promise<RunSeen | undefined> {
    const { items } = await this.stellwerk.api<{ items: RunSeen[] }>(`/api/runs?sha=${sha}`);
    if (items.length > 1) throw new Error(`${items.length} runs for ${sha}: ${items.map(({ id }) => id).join(', ')}`);
    return items[0];
  }

  /** Waits until this is true of the commit's run; services may be away in between. */
  until(sha: string, what: string, check: (run: RunSeen) => boolean, timeoutMs = 120_000): Promise<RunSeen> {
    let seen: unknown;
    return waitFor(async () => {
      const run = await this.runOf(sha).catch((error: unknown) => void (seen = error));
      if (run) seen = run;
      return run && check(run) ? run : undefined;
    }, { what: `the run of ${sha} to be ${what}`, timeoutMs, everyMs: 100 }).catch((cause: unknown) => {
      throw new Error(`${(cause as Error).message}; last seen: ${seen instanceof Error ? seen.message : JSON.stringify(seen)}`, { cause });
    });
  }

  ended(sha: string, timeoutMs?: number): Promise<RunSeen> {
    return this.until(sha, 'at its end', ({ state }) => FINAL.includes(state), timeoutMs);
  }

  /** Requests that started something at the platforms for this commit, accepted ones only, from the journals. */
  async triggers(sha: string): Promise<Record<'gitlab' | 'jenkins' | 'github', number>> {
    const [gitlab, jenkins, github] = await Promise.all([
      this.#posts('gitlab', '/pipeline'), this.#posts('jenkins', '/build'), this.#posts('github', '/dispatches'),
    ]);
    const count = (all: Journaled[]): number =>
      all.filter(({ path, body, answer }) => (answer?.status ?? 599) < 400 && `${path} ${JSON.stringify(body)}`.includes(sha)).length;
    return { gitlab: count(gitlab), jenkins: count(jenkins), github: count(github) };
  }

  /** What people were told of this commit, per channel. */
  async messages(sha: string): Promise<Record<string, number>> {
    const { items } = await this.#ask<{ items: { channel: string; body: unknown }[] }>('chat', '/messages');
    const counts: Record<string, number> = { slack: 0, discord: 0 };
    for (const { channel, body } of items) if (JSON.stringify(body).includes(sha.slice(0, 7))) counts[channel] = (counts[channel] ?? 0) + 1;
    return counts;
  }

  /** States of the commit statuses set on it, in order. */
  async commitStatuses(sha: string): Promise<string[]> {
    return (await this.#posts('github', `/statuses/${sha}`)).filter(({ answer }) => answer?.status === 201)
      .map(({ body }) => (body as { state: string }).state);
  }

  async #posts(platform: Platform, path: string): Promise<Journaled[]> {
    const { items } = await this.#ask<{ items: Journaled[] }>(platform, `/journal?kind=request&method=POST&path=${encodeURIComponent(path)}`);
    return items;
  }

  async #ask<T>(platform: Platform, path: string, body?: unknown): Promise<T> {
    const url = `http://127.0.0.1:${this.#ports[platform]}/_simulator${path}`;
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST', signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
