import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDirectory } from '@stellwerk/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';

const CONNECTION = `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
`;
const flow = (name: string, on: string, inputs = '{}'): string => `---
kind: Flow
metadata: { name: ${name} }
spec:
  on: ${on}
  env: { version: "\${{ event.sha }}" }
  steps: { it: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: main, inputs: ${inputs} } } }
`;
const BEFORE = CONNECTION + flow('nightly', '{ event: pipelinerun.finished, branches: main }') + flow('release', '{ event: pipelinerun.finished, branches: main }')
  + flow('same', '{ event: pipelinerun.finished }');
const AFTER = CONNECTION + flow('release', '{ event: pipelinerun.finished, branches: [main, next] }', '{ sha: "${{ event.sha }}" }') + flow('same', '{ event: pipelinerun.finished }');

const event = (id: string, more: object = {}) => ({
  id, type: 'pipelinerun.finished', fact: `fact-${id}`, data: { connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'main', sha: `sha-${id}`, occurredAt: '2026-11-24T08:00:00Z', ...more },
});
const EVENTS = [event('1'), { ...event('1-again'), fact: 'fact-1' }, event('2', { branch: 'next' }), event('3', { branch: 'other' })];

describe('stellwerk backtest', () => {
  let home: string;
  let server: Server;
  let asked: string[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'stellwerk-backtest-'));
    for (const [name, text] of [['before', BEFORE], ['after', AFTER]] as const) {
      await mkdir(join(home, name));
      await writeFile(join(home, name, 'flows.yaml'), text);
    }
    await writeFile(join(home, 'events.jsonl'), `${EVENTS.map((one) => JSON.stringify(one)).join('\n')}\n`);
    const { resources } = await loadDirectory(join(home, 'before'));
    asked = [];
    const answers: Record<string, unknown> = {
      '/api/flows?content=true': { items: Object.values(resources.flows).map((content) => ({ name: content.name, content })) },
      '/api/connections': { items: Object.values(resources.connections) },
      '/api/events?kind=platform&since=2h&limit=200': { items: EVENTS.slice(2), next: 'older' },
      '/api/events?kind=platform&since=2h&limit=200&cursor=older': { items: EVENTS.slice(0, 2), next: null },
    };
    server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(answers[request.url!] ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answers[request.url!] ?? { detail: `nothing at ${request.url}` }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(home, { recursive: true });
  });

  const run = (...args: string[]) => say(server, ['backtest', join(home, 'after'), ...args]);
  const FOUND = [
    'nightly: 1 would not start any more',
    '  would not start any more: 1',
    '    env.version: "sha-1"', '    state: "running"', '    steps.it.uses: "github/dispatch-workflow"', '    steps.it.with.inputs: {}', '    steps.it.with.ref: "main"',
    '    steps.it.with.repository: "a/b"', '    steps.it.with.workflow: "c.yml"',
    'release: 1 would start, 1 would begin otherwise',
    '  would start: 2',
    '    env.version: "sha-2"', '    state: "running"', '    steps.it.uses: "github/dispatch-workflow"', '    steps.it.with.inputs.sha: "sha-2"', '    steps.it.with.ref: "main"',
    '    steps.it.with.repository: "a/b"', '    steps.it.with.workflow: "c.yml"',
    '  would begin otherwise: 1',
    '    steps.it.with.inputs: {} → absent', '    steps.it.with.inputs.sha: absent → "sha-1"',
    '4 events: 1 would start, 1 would not start any more, 1 would begin otherwise, 3 stay as they are',
  ];

  it('says which runs would start, vanish or begin otherwise, a fact told twice once', async () => {
    expect(await run('--events', join(home, 'events.jsonl'), '--against', join(home, 'before'))).toEqual({ code: 0, err: [], out: FOUND });
    expect(asked).toEqual([]);
  });

  it('takes stored events page by page, and the flows in force, from the service', async () => {
    const { code, out } = await run('--since', '2h', '--exit-code');
    expect([code, out.at(-1)]).toEqual([1, FOUND.at(-1)]);
    expect(asked.filter((path) => path.startsWith('/api/events'))).toHaveLength(2);
  });

  it('gives JSON to programs, and only so many examples to people', async () => {
    const { out } = await run('--events', join(home, 'events.jsonl'), '--json');
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      events: 4, flows: [{ flow: 'nightly', vanishes: 1 }, { flow: 'release', starts: 1, differs: 1, same: 0 }, { flow: 'same', same: 3 }],
      changes: [{ flow: 'nightly', change: 'vanishes' }, { flow: 'release', change: 'differs', differences: [{ path: 'steps.it.with.inputs', before: '{}' }, {}] }, { flow: 'release', change: 'starts' }],
    });
    expect((await run('--events', join(home, 'events.jsonl'), '--examples', '0')).out).toEqual(['nightly: 1 would not start any more', 'release: 1 would start, 1 would begin otherwise', FOUND.at(-1)]);
  });

  it('says that a run would fail at once, and why', async () => {
    await writeFile(join(home, 'after', 'flows.yaml'), BEFORE.replaceAll('event.sha', 'event.tag'));
    const { out } = await run('--events', join(home, 'events.jsonl'), '--examples', '1');
    expect(out).toEqual(expect.arrayContaining(['    reason: absent → "env: \\"tag\\" is absent"', '    state: "running" → "failed"']));
  });

  it('says of which triggers of changed flows it cannot say anything', async () => {
    const joined = (key: string) => flow('joined', `[{ all: { a: { from: github } }, key: "\${{ event.${key} }}" }, { schedule: "0 6 * * *" }]`);
    const same = flow('quiet', '{ schedule: "0 6 * * *" }');
    await writeFile(join(home, 'before', 'flows.yaml'), CONNECTION + joined('sha') + same);
    await writeFile(join(home, 'after', 'flows.yaml'), CONNECTION + joined('branch') + same);
    const { out } = await run('--events', join(home, 'events.jsonl'), '--against', join(home, 'before'));
    expect(out).toEqual([
      'joined: nothing is said of trigger 1 (all): several events start it together; `stellwerk test` plays them',
      'joined: nothing is said of trigger 2 (schedule): a clock starts it',
      '4 events: no run of any flow',
    ]);
  });

  it('takes items of GET /api/events as they are: what Stellwerk itself told is passed over, and counted in one line', async () => {
    const own = (type: string, service: string, data: object = { flow: 'release' }) => ({ id: `${type}-1`, type, source: `/services/${service}`, subject: 'x', fact: `${type}-1`, connection: null, run: null, data });
    const told = EVENTS.map((one) => ({ ...one, source: '/connections/github' }));
    const items = [own('step.changed', 'router'), told[0]!, own('run.started', 'router'), own('connection.health', 'github-connector', { platform: 'github', connection: 'github' }), ...told.slice(1), own('trigger.accepted', 'github-connector')];
    const write = (what: object[]) => writeFile(join(home, 'events.jsonl'), what.map((one) => JSON.stringify(one)).join('\n'));
    await write(items);
    const against = ['--events', join(home, 'events.jsonl'), '--against', join(home, 'before')];
    expect(await run(...against)).toEqual({ code: 0, out: FOUND, err: ['4 events of Stellwerk itself passed over: only what platforms told is played'] });
    await write([told[0]!, { ...told[1]!, type: 'pipelinerun.finnished' }]);
    expect(await run(...against)).toMatchObject({ code: 2, err: [expect.stringMatching(/events.jsonl:2: no event of a platform/)] });
  });

  it.each([
    [{ repository: 3 }, 'repository: expected text, got 3'], [{ repository: null }, 'repository: expected text, got null'], [{ branch: 3 }, 'branch: expected text, got 3'],
    [{ actor: 7 }, 'actor: expected text, got 7'], [{ paths: 'x' }, 'paths: expected a list of paths, got "x"'], [{ paths: [1, null] }, 'paths.0: expected text, got 1; paths.1: expected text, got null'],
    [{ run: { id: '7', attempt: 'first' } }, 'run.attempt: expected a whole number from 1 to 1000000, got "first"'], [{ occurredAt: 'today' }, 'occurredAt: expected a date and time such as 2026-11-24T08:00:00Z, got "today"'],
  ])('ends at an event with a field that is no such thing: %j', async (more, fault) => {
    await writeFile(join(home, 'events.jsonl'), [event('1'), event('2', more)].map((one) => JSON.stringify(one)).join('\n'));
    const file = join(home, 'events.jsonl');
    expect(await run('--events', file, '--against', join(home, 'before'))).toEqual({ code: 2, out: [], err: [`error: ${file}:2: ${fault}`] });
  });

  it.each(['7x', 'yesterday', '', '2026-11-24', '2026-13-45T00:00:00Z'])('says what a time is before it asks anybody: --since %j', async (since) => {
    expect(await run('--since', since)).toMatchObject({ code: 2, out: [], err: expect.arrayContaining([expect.stringMatching(/--since .* is invalid. expected how long ago, such as 30m, 12h or 7d/)]) });
    expect(asked).toEqual([]);
  });

  it('takes empty texts, and fields of a newer version', async () => {
    const more = { title: '', change: { number: 1, title: '', labels: [] }, run: { id: '1', attempt: 1, name: 'x' }, tomorrow: true };
    await writeFile(join(home, 'events.jsonl'), JSON.stringify(event('1', more)));
    expect(await run('--events', join(home, 'events.jsonl'), '--against', join(home, 'before'))).toMatchObject({ code: 0, err: [] });
  });

  it('does not go on with half a history, nor with flows that have faults', async () => {
    await writeFile(join(home, 'events.jsonl'), `${JSON.stringify(EVENTS[0])}\nnonsense\n`);
    expect(await run('--events', join(home, 'events.jsonl'))).toMatchObject({ code: 2, out: [], err: [expect.stringMatching(/events.jsonl:2: no JSON/)] });
    expect(await run('--events', join(home, 'nowhere'))).toMatchObject({ code: 2, err: [expect.stringContaining('ENOENT')] });
    expect(await run('--since', '1h')).toMatchObject({ code: 1, err: [expect.stringContaining('nothing at')] });
    await writeFile(join(home, 'after', 'flows.yaml'), AFTER.replace('kind: Flow', 'kind: Flo'));
    expect(await run('--since', '2h')).toMatchObject({ code: 1, err: [expect.stringContaining('is not valid')] });
  });
});
