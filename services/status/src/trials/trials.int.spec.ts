import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runCli } from '@stellwerk/cli';
import { cloudEvent, type PlatformEvent } from '@stellwerk/contracts';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TempDir, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL } from '../access/caller.js';
import { EventsRepository } from '../events/events.repository.js';
import type { StatusConfig } from '../status.config.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { GivenFile } from './given-body.js';
import { StoredEvents } from './stored-events.js';
import { TrialDesk } from './trial-desk.js';
import { runInThread } from './trial-thread.js';
import type { BacktestView, LintView, TestView } from './trials.docs.js';

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;

let nats: TestNats;
let rig: StatusRig;
let dir: TempDir;

const entry = (name: string, role: string) => ({ name, role, sha256: createHash('sha256').update(`token-of-${name}`).digest('hex'), teams: [] });

const finished = (number: number, branch: string) => cloudEvent<PlatformEvent>({
  id: `github:${number}:pipelinerun.finished`, source: '/connections/github', type: 'pipelinerun.finished', subject: '9', time: new Date(), correlationId: 'h', causationId: 'h', fact: `fact ${number}`,
  data: { connection: 'github', platform: 'github', repository: 'acme/shop', branch, run: { id: String(number), attempt: 1 }, outcome: 'success', occurredAt: new Date().toISOString() },
});

beforeAll(async () => {
  dir = await tempDir('trials');
  const tokens = join(dir.path, 'tokens.json');
  await writeFile(tokens, JSON.stringify([entry('vera', 'viewer'), entry('otto', 'operator')]));
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: tokens });
  for (const [number, branch] of [[1, 'main'], [2, 'next'], [3, 'main']] as const) await rig.publish('events.github.pipelinerun.finished', finished(number, branch));
  await waitFor(async () => (await rig.get<{ items: unknown[] }>('/api/events', as('vera'))).body.items.length === 3, { what: 'the events to be recorded' });
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
  await dir?.remove();
});

const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-of-${name}` });

interface Answer<T> {
  status: number;
  headers: Headers;
  body: T & { detail?: string; errors?: { detail: string }[] };
}

const post = async <T = object>(what: string, body: unknown, { who = 'vera', signal }: { who?: string; signal?: AbortSignal } = {}): Promise<Answer<T>> => {
  const response = await fetch(`${rig.url}/api/${what}`, { method: 'POST', headers: { 'content-type': 'application/json', ...as(who) }, body: typeof body === 'string' ? body : JSON.stringify(body), signal });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer<T>['body'] };
};

/** What the command line prints with --json, paths from `from`. */
const cli = async (args: string[], from: string): Promise<Record<string, unknown>> => {
  const out: string[] = [];
  await runCli([...args, '--json'], { out: (text) => out.push(text), err: () => {} });
  return JSON.parse(out.join('\n').replaceAll(`${from}/`, '')) as Record<string, unknown>;
};

const filesOf = (folder: string): GivenFile[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((found) => found.isFile())
  .map(({ parentPath, name }) => ({ path: relative(folder, join(parentPath, name)), text: readFileSync(join(parentPath, name), 'utf8') }));

const FLOW = (name: string, branches: string): string => `---
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github, branches: ${branches} }]
  steps: { scan: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: "\${{ event.branch }}" } } }
`;
const CONNECTION = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }\n';

describe('what the command line says of a directory, the API says of its files', () => {
  const folder = join(EXAMPLES, 'quickstart');

  it('with lint, but of secrets, which are nothing that one service knows', async () => {
    const { status, headers, body } = await post<LintView>('lint', { files: filesOf(folder) });
    const { resources } = await cli(['lint', folder], folder);
    expect([status, headers.get('content-type'), body]).toEqual([200, 'application/json; charset=utf-8', { ok: true, errors: 0, warnings: 0, files: 4, resources, faults: [] }]);
  });

  it('with test', async () => {
    const { status, body } = await post<TestView>('test', { files: filesOf(folder) });
    expect([status, body]).toEqual([200, await cli(['test', folder], folder)]);
    expect(body.passed).toBeGreaterThan(0);
  });
});

describe('a backtest', () => {
  const files = [{ path: 'flows.yaml', text: CONNECTION + FLOW('release', '[main]') + FLOW('other', '[next]') }];

  it('says what the command line says of the same events', async () => {
    await mkdir(join(dir.path, 'config'), { recursive: true });
    await writeFile(join(dir.path, 'config', 'flows.yaml'), files[0]!.text);
    const { status, body } = await post<BacktestView>('backtest', { files, since: '1h' }, { who: 'otto' });
    const told = await cli(['backtest', join(dir.path, 'config'), '--since', '1h', '--url', rig.url, '--token', 'token-of-otto'], dir.path);
    expect([status, body]).toEqual([200, { ...told, changesLeftOut: 0, complete: true }]);
    expect(body).toMatchObject({ events: 3, flows: [{ flow: 'other', starts: 1 }, { flow: 'release', vanishes: 1, differs: 2 }] });
  });

  it('looks at the newest of a time, and says when that were not all', async () => {
    const { body } = await post<BacktestView>('backtest', { files, limit: 1 }, { who: 'otto' });
    expect([body.events, body.complete, body.changes.map(({ event }) => event)]).toEqual([1, false, ['github:3:pipelinerun.finished']]);
    const none = await post<BacktestView>('backtest', { files, since: '2d', until: '1d' }, { who: 'otto' });
    expect(none.body).toMatchObject({ events: 0, complete: true, changes: [] });
  });

  it('is not made of flows with faults, nor for viewers', async () => {
    const { status, body } = await post('backtest', { files: [{ path: 'a.yaml', text: CONNECTION + FLOW('release', '[') }] }, { who: 'otto' });
    expect([status, body.errors![0]!.detail]).toEqual([422, expect.stringMatching(/^a\.yaml:\d+:\d+: /)]);
    expect((await post('backtest', { files })).status).toBe(403);
  });

  it('is one at a time, and is over when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const waiting = async (): Promise<number> => (await rig.database.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass"))[0]!.n;
    // Its events do not come as long as the table is locked.
    const next = await rig.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const first = post('backtest', { files }, { who: 'otto', signal: gone.signal }).catch((error: unknown) => error);
      await waitFor(async () => await waiting() === 1, { what: 'the first backtest to read events' });
      const refused = await post('backtest', { files }, { who: 'otto' });
      expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('content-type')]).toEqual([503, '5', expect.stringContaining('problem+json')]);
      gone.abort();
      expect(await first).toBeInstanceOf(Error);
      const after = waitFor(async () => {
        const answer = await post('backtest', { files }, { who: 'otto' });
        return answer.status !== 503 && answer;
      }, { what: 'the place to be free' });
      await waitFor(async () => await waiting() === 2, { what: 'another backtest to read events' });
      return { after };
    });
    expect((await next.after).status).toBe(200);
  });
});

describe('what is asked wrongly', () => {
  const file = { path: 'a.yaml', text: CONNECTION };

  it('is said in a problem document, also where the body is no JSON at all', async () => {
    for (const [body, detail] of [['{ files', 'no JSON'], ['', 'no JSON'], [{ files: [file], dryRun: true }, 'dryRun is not known']] as const) {
      const answer = await post('lint', body);
      expect([answer.status, answer.headers.get('content-type'), answer.body.detail]).toEqual([400, expect.stringContaining('problem+json'), expect.stringContaining(detail)]);
    }
  });

  it('too much, and without a token', async () => {
    const text = 'x'.repeat(8 * 1024 * 1024);
    expect((await post('lint', { files: [{ path: 'a.yaml', text }] })).status).toBe(413);
    // Nothing of it is read.
    expect((await post('lint', { files: [{ path: 'a.yaml', text }] }, { who: 'nobody' })).status).toBe(401);
    expect((await post('runs/x/steps/y/resolve', { ran: false, more: 'x'.repeat(70_000) }, { who: 'otto' })).status).toBe(413);
  });
});

it('two thousand flows are checked while others are answered', async () => {
  const text = CONNECTION + Array.from({ length: 2_000 }, (_, n) => FLOW(`flow-${n}`, '[main, "release/*"]')).join('');
  let done = false;
  const linted = post<LintView>('lint', { files: [{ path: 'flows.yaml', text }] }).finally(() => { done = true; });
  let answered = 0;
  while (!done) {
    expect((await rig.get('/api/runs', as('vera'))).status).toBe(200);
    if (!done) answered += 1;
  }
  expect((await linted).body).toMatchObject({ ok: true, resources: { flows: 2_000 } });
  expect(answered).toBeGreaterThan(2);
});

describe('what would take too long or too much', () => {
  const many = JSON.stringify({ files: [{ path: 'flows.yaml', text: CONNECTION + Array.from({ length: 500 }, (_, n) => FLOW(`flow-${n}`, 'main')).join('') }] });
  const nothing = async () => ({ items: [], end: 'all' as const });

  it('is ended at its time, and says so', async () => {
    const desk = new TrialDesk({ trialSeconds: 0.001 } as StatusConfig, rig.resources, new StoredEvents(new EventsRepository(rig.database)));
    const trial = desk.run('lint', many, { caller: LOCAL, gone: new AbortController().signal });
    await expect(trial).rejects.toMatchObject({ status: 422, message: 'It was not done within 0.001 s: give fewer files.' });
  });

  it('is ended when it needs more memory than it may have, and nothing else is', async () => {
    const trial = runInThread({ kind: 'lint', body: many }, nothing, new AbortController().signal, { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 });
    await expect(trial).rejects.toMatchObject({ status: 422, message: expect.stringContaining('more memory') });
  });
});
