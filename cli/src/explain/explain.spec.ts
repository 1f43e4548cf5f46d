import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../test/say.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FLOW = `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Flow
metadata: { name: release }
spec:
  on: { event: pipelinerun.finished, branches: [main], if: event.actor != "robot" }
  steps: { it: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: main } } }
---
kind: Flow
metadata: { name: always }
spec:
  on: { event: pipelinerun.finished }
  steps: { it: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: main } } }
`;
const DATA = { connection: 'github', platform: 'github', repository: 'acme/shop', branch: 'next', actor: 'robot', occurredAt: '2026-11-24T08:00:00Z' };
const ID = 'github:poll:https://api.github.com/acme/shop/pipelinerun/9/1/finished';

describe('stellwerk explain', () => {
  let home: string;
  let server: Server;
  let asked: string[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'stellwerk-explain-'));
    await writeFile(join(home, 'flow.yaml'), FLOW);
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
        event: { id: ID, type: 'pipelinerun.finished', fact: 'f', data: DATA }, revision: 'c1', next: null,
        items: [{ flow: 'in-force', revision: 'r1', matched: 0, run: { id: 'r-1', state: 'failed' }, triggers: [{ trigger: 0, takes: true, conditions: [] }] }],
      }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(home, { recursive: true });
  });

  const run = (...args: string[]) => say(server, ['explain', ...args]);
  const file = async (name: string, value: unknown): Promise<string> => {
    await writeFile(join(home, name), JSON.stringify(value));
    return join(home, name);
  };

  it('says of each flow which conditions said no, and the values that they saw', async () => {
    const event = await file('event.json', { specversion: '1.0', id: 'e1', type: 'dev.stellwerk.pipelinerun.finished.v1', fact: 'f', data: DATA });
    expect(await run(event, '--config', home)).toEqual({ code: 0, err: [], out: [
      'e1: pipelinerun.finished, github, acme/shop, next',
      'yes  always: trigger 1',
      'no   release',
      '     trigger 1',
      '       no branches: "next" is not matched by "main"',
      '       no if: event.actor != "robot" is false',
      '           event.actor = "robot"',
      '1 of 2 flows takes it',
    ] });
  });

  it('asks the service about a stored event, and the flows of a folder about the same event', async () => {
    expect((await run(ID)).out).toEqual([`${ID}: pipelinerun.finished, github, acme/shop, next`, 'yes  in-force: trigger 1, run r-1 is failed', '1 of 1 flows takes it']);
    expect((await run(ID, '--config', home)).out).toContain('yes  always: trigger 1');
    expect(asked).toEqual([`/api/events/${encodeURIComponent(ID)}/explain`, `/api/events/${encodeURIComponent(ID)}/explain`]);
  });

  it('reads a recorded payload as its platform\'s translator does', async () => {
    const { out } = await run(join(ROOT, 'examples/quickstart/payloads/ci-green.json'), '--connection', 'github', '--config', home, '--json');
    expect(JSON.parse(out.join('\n'))).toMatchObject([{ event: { type: 'pipelinerun.finished', repository: 'acme/shop', branch: 'main' }, items: [{ flow: 'always', matched: 0 }, { flow: 'release', matched: 0 }] }]);
  });

  it('lets nothing of an event steer the terminal', async () => {
    const event = await file('event.json', { type: 'pipelinerun.finished', ...DATA, branch: 'a\u001b[31m\nb' });
    const { out } = await run(event, '--config', home);
    expect(out[0]).toBe('file:1: pipelinerun.finished, github, acme/shop, a [31m b');
  });

  it.each([[join('/no', 'such', 'file')], ['nowhere.json'], ['./nowhere']])('says of a file that is not there that it is not there, and asks nobody: %s', async (given) => {
    expect(await run(given, '--config', home)).toEqual({ code: 2, out: [], err: [expect.stringContaining(`${given}: there is no such file; the id of a stored event begins with`)] });
    expect(asked).toEqual([]);
  });

  it('says of an absence that no event starts it, also where its filters do not take the event', async () => {
    await writeFile(join(home, 'flow.yaml'), FLOW.replace('on: { event: pipelinerun.finished, branches: [main], if: event.actor != "robot" }', 'on: { absent: { event: pipelinerun.finished, branches: [main] }, for: 26h }'));
    const { out } = await run(await file('event.json', { type: 'pipelinerun.finished', ...DATA }), '--config', home);
    expect(out.slice(2, 6)).toEqual(['no   release', '     trigger 1', '       no branches: "next" is not matched by "main"', expect.stringContaining('no absent: no event starts it')]);
  });

  it('names the field of an event that is no such thing, and what was expected there', async () => {
    const explained = async (more: object) => run(await file('event.json', { type: 'pipelinerun.finished', ...DATA, ...more }), '--config', home);
    const place = `error: ${join(home, 'event.json')}: `;
    expect(await explained({ repository: 3 })).toEqual({ code: 2, out: [], err: [`${place}repository: expected text, got 3`] });
    expect(await explained({ branch: 3, actor: null })).toEqual({ code: 2, out: [], err: [`${place}branch: expected text, got 3; actor: expected text, got null`] });
  });

  it.each([[3], [null], [[]], [{}], [{ repository: 3 }], [{ workflow_run: 7, action: 'completed' }], [{ headers: null, body: {} }], [{ headers: {}, body: 3 }]])('says that a payload tells nothing, whatever it is: %j', async (payload) => {
    const given = await file('payload.json', payload);
    expect(await run(given, '--connection', 'github', '--event', 'workflow_run', '--config', home)).toMatchObject({ code: 2, err: [expect.stringMatching(/payload.json(: expected a payload, a JSON object| tells no event)/)] });
  });

  it('is called wrongly without flows, without an event, and with an unknown connection', async () => {
    const event = await file('event.json', { type: 'pipelinerun.finished', ...DATA });
    expect(await run(event)).toMatchObject({ code: 2, err: [expect.stringContaining('--config must say which flows')] });
    expect(await run(await file('other.json', { hello: 1 }), '--config', home)).toMatchObject({ code: 2, err: [expect.stringContaining('is no event of a platform')] });
    expect(await run(event, '--config', home, '--connection', 'gitlab')).toMatchObject({ code: 2, err: ['error: there is no connection gitlab; there are github'] });
    await writeFile(join(home, 'flow.yaml'), FLOW.replace('kind: Flow', 'kind: Flo'));
    expect(await run(event, '--config', home)).toMatchObject({ code: 1, err: [expect.stringContaining('unknown kind "Flo"')] });
  });
});
