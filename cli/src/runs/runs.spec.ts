import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';
import type { Run } from './runs.js';

type Answer = { status?: number; body: unknown };

const run = (state: string, version: number, more: Partial<Run> = {}): Run => ({
  id: 'r1', flow: 'release', revision: 'abc', state, reason: null, events: { build: { id: 'e1', type: 'pipelinerun.finished' } }, inputs: { version: 'v7' }, attempt: 1, version, createdAt: '2026-11-24T08:00:00Z', finishedAt: null, trace: null,
  event: { type: 'run.requested', connection: null, repository: 'acme/shop', branch: 'main', sha: '0123456789abcdef', url: null, actor: 'alice' },
  steps: [{ name: 'deploy', state: state === 'succeeded' ? 'succeeded' : 'running', reason: null, uses: 'gitlab/trigger-pipeline', rollback: null, attempts: [{ number: 1, state: 'running', outcome: null, reason: null, run: { id: '7', url: 'https://ci/7' } }] }],
  ...more,
});

const FLOWS = { items: [{ name: 'release', inputs: [{ name: 'version', type: 'text' }, { name: 'count', type: 'number' }, { name: 'dry', type: 'boolean' }] }] };
const STARTED = { id: 'r1', detail: 'the run is about to start', duplicate: false, links: { run: '/api/runs/r1', page: 'http://s/runs/r1' } };

describe('orders about runs', () => {
  let server: Server;
  let asked: { path: string; body: unknown; headers: IncomingHttpHeaders }[];
  /** By method and path; a list is answered one after the other, the last one for ever. */
  let answers: Record<string, Answer | Answer[]>;

  beforeEach(async () => {
    asked = [];
    answers = { 'GET /api/flows': { body: FLOWS } };
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      request.on('end', () => {
        if (request.method === 'POST') asked.push({ path: request.url!, body: JSON.parse(text) as unknown, headers: request.headers });
        const found = answers[`${request.method} ${request.url}`] ?? { status: 404, body: { detail: 'There is nothing.' } };
        const { status = 200, body } = Array.isArray(found) ? (found.length > 1 ? found.shift()! : found[0]!) : found;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const cli = (...args: string[]) => say(server, args);

  describe('run', () => {
    beforeEach(() => { answers['POST /api/flows/release/runs'] = { status: 202, body: STARTED }; });

    it('gives inputs the types that the flow declares, and what does not fit as it is', async () => {
      const { code, out } = await cli('run', 'release', '-i', 'version=1.0', '-i', 'count=3', '-i', 'dry=false', '--key', 'release-7');
      expect([code, out]).toEqual([0, ['r1: the run is about to start, http://s/runs/r1']]);
      expect(asked[0]).toMatchObject({ body: { inputs: { version: '1.0', count: 3, dry: false } }, headers: { 'idempotency-key': 'release-7' } });
      await cli('run', 'release', '-i', 'count=', '-i', 'dry=yes', '-i', 'other=a=b');
      expect(asked[1]!.body).toEqual({ inputs: { count: '', dry: 'yes', other: 'a=b' } });
      expect(asked[1]!.headers).not.toHaveProperty('idempotency-key');
    });

    it.each([['succeeded', 0], ['failed', 1], ['cancelled', 1], ['rolled-back', 1]])('--follow waits until the run is there, and ends by its end: %s is %i', async (state, expected) => {
      answers['GET /api/runs/r1'] = [{ status: 404, body: { detail: 'There is no run "r1".' } }, { body: run('running', 1) }, { body: run(state, 3) }];
      const { code, out, err } = await cli('run', 'release', '--follow');
      expect([code, out]).toEqual([expected, [`r1: ${state}`]]);
      expect(err).toEqual(expect.arrayContaining(['deploy: running', 'run: running', `run: ${state}`]));
    });

    it('--json prints what programs read: the answer, or with --follow the run', async () => {
      expect(JSON.parse((await cli('run', 'release', '--json')).out.join('\n'))).toEqual(STARTED);
      answers['GET /api/runs/r1'] = { body: run('succeeded', 3) };
      expect(JSON.parse((await cli('run', 'release', '--json', '--follow')).out.join('\n'))).toMatchObject({ id: 'r1', state: 'succeeded' });
    });

    it('says what the service says, and how it is called', async () => {
      answers['POST /api/flows/release/runs'] = { status: 422, body: { detail: 'input "version" is missing: expected text' } };
      expect(await cli('run', 'release')).toMatchObject({ code: 1, err: ['error: input "version" is missing: expected text'] });
      expect(await cli('run', 'release', '-i', 'version')).toMatchObject({ code: 2, err: ['error: -i version: expected name=value'] });
      expect(await cli('run', 'release', '-i', 'a=1', '-i', 'a=2')).toMatchObject({ code: 2 });
    });
  });

  it('runs lists them with the filters, and shows one', async () => {
    answers['GET /api/runs?flow=release&state=failed&limit=2'] = { body: { items: [run('failed', 3, { reason: 'step deploy failed' })], next: null } };
    const { code, out } = await cli('runs', '--flow', 'release', '--state', 'failed', '--limit', '2');
    expect([code, out[1]]).toEqual([0, 'r1  2026-11-24T08:00:00Z  release  failed  acme/shop   main    01234567  step deploy failed']);
    answers['GET /api/runs/r1'] = { body: run('running', 2) };
    const shown = (await cli('runs', 'r1')).out.join('\n');
    for (const text of ['run.requested by alice', '{"version":"v7"}', 'attempt 1', 'https://ci/7']) expect(shown).toContain(text);
    for (const filter of ['--flow', '--cursor']) expect(await cli('runs', 'r1', filter, 'release')).toMatchObject({ code: 2 });
    expect(await cli('runs', 'nope')).toMatchObject({ code: 1, err: ['error: There is nothing.'] });
  });

  it('cancel, retry and rollback say what the router said; a refusal is exit 1', async () => {
    for (const what of ['cancel', 'retry', 'rollback']) {
      answers[`POST /api/runs/r1/${what}`] = { status: 202, body: { detail: `the run is ${what}` } };
      expect(await cli(what, 'r1')).toEqual({ code: 0, out: [`the run is ${what}`], err: [] });
      answers[`POST /api/runs/r1/${what}`] = { status: 409, body: { detail: 'it cannot be' } };
      expect(await cli(what, 'r1', '--json')).toMatchObject({ code: 1, out: [], err: ['error: it cannot be'] });
    }
    expect(asked.map(({ body }) => body)).toEqual(Array.from({ length: 6 }, () => ({})));
  });

  it('retry --follow does not take the end from before its order for its own', async () => {
    answers['POST /api/runs/r1/retry'] = { status: 202, body: { detail: 'the run is running' } };
    answers['GET /api/runs/r1'] = [{ body: run('failed', 3) }, { body: run('failed', 3) }, { body: run('succeeded', 5, { attempt: 2 }) }];
    expect(await cli('retry', 'r1', '--follow')).toMatchObject({ code: 0, out: ['r1: succeeded'] });
  });

  it('rollback --dry-run shows the plan and does nothing', async () => {
    const plan = { cancels: ['smoke'], steps: [{ step: 'deploy', undo: true, uses: 'github/dispatch-workflow', with: { version: 'v1' } }, { step: 'build', undo: false, reason: 'it has no rollback' }] };
    answers['POST /api/runs/r1/rollback'] = { body: { detail: 'the run is running', plan } };
    expect(await cli('rollback', 'r1', '--dry-run')).toEqual({ code: 0, err: [], out: ['cancel smoke', 'undo   deploy  github/dispatch-workflow  {"version":"v1"}', 'leave  build                             it has no rollback'] });
    expect(asked[0]!.body).toEqual({ dryRun: true });
    answers['POST /api/runs/r1/rollback'] = { body: { detail: '', plan: { cancels: [], steps: [plan.steps[1]] } } };
    expect(await cli('rollback', 'r1', '--dry-run', '--json')).toMatchObject({ code: 1 });
    expect(await cli('rollback', 'r1', '--dry-run', '--follow')).toMatchObject({ code: 2 });
  });

  it('resolve says whether it ran, one of both', async () => {
    answers['POST /api/runs/r1/steps/deploy/resolve'] = { status: 202, body: { detail: 'the run is running' } };
    expect(await cli('resolve', 'r1', 'deploy', '--ran', '--run', '77')).toMatchObject({ code: 0 });
    expect(await cli('resolve', 'r1', 'deploy', '--not-ran')).toMatchObject({ code: 0 });
    expect(asked.map(({ body }) => body)).toEqual([{ ran: true, run: '77' }, { ran: false }]);
    for (const args of [[], ['--ran', '--not-ran'], ['--not-ran', '--run', '77']]) expect(await cli('resolve', 'r1', 'deploy', ...args)).toMatchObject({ code: 2 });
  });
});
