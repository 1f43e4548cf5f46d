import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Environment
metadata: { name: production }
spec: { branches: [main] }
---
kind: Flow
metadata: { name: release }
spec:
  on:
    - { event: pipelinerun.finished, from: github, branches: [main, next], outcome: success, if: event.actor != "robot" }
    - { event: tag.created, from: github }
  env: { version: "\${{ event.?tag.orValue(event.sha) }}" }
  steps:
    e2e:
      uses: jenkins/start-build
      with: { job: e2e, parameters: { SHA: "\${{ event.sha }}" } }
      timeout: 10m
      retry: { attempts: 3, on: [failure, timeout] }
    deploy:
      needs: [e2e]
      environment: production
      uses: jenkins/start-build
      with: { job: deploy, parameters: { VERSION: "\${{ env.version }}", BUILD: "\${{ steps.e2e.run.url }}" } }
      rollback:
        uses: jenkins/start-build
        with: { job: deploy, parameters: { VERSION: "\${{ environment.lastGood.env.version }}" } }
    tell:
      needs: [deploy]
      if: event.branch == "main"
      uses: jenkins/start-build
      with: { job: tell }
      await: false
  on-failure: rollback
`;

const GREEN = '{ type: pipelinerun.finished, connection: github, branch: main, sha: abc, actor: anna, outcome: success';

let home: string;
let before: string;

beforeEach(async () => {
  before = process.cwd();
  home = await mkdtemp(join(tmpdir(), 'stellwerk-test-'));
  process.chdir(home);
  await writeFile('flow.yaml', RESOURCES);
});

afterEach(async () => {
  process.chdir(before);
  await rm(home, { recursive: true });
});

const run = async (...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> => {
  const [out, err]: string[][] = [[], []];
  const code = await runCli(args, { out: (text) => out!.push(...text.split('\n')), err: (text) => err!.push(...text.split('\n')) });
  return { code, out: out!, err: err! };
};

/** The faults of one test. */
const faultsOf = async (test: string): Promise<string[]> => {
  await writeFile('x.test.yaml', `tests:\n  - name: it\n${test.trim().split('\n').map((line) => `    ${line.trimEnd()}`).join('\n')}\n`);
  const { code, out } = await run('test', '.', '--json');
  const { ok, tests, faults } = JSON.parse(out.join('\n')) as { ok: boolean; tests: { faults: Fault[] }[]; faults: Fault[] };
  const all = [...tests.flatMap((one) => one.faults), ...faults].map(({ line, column, message }) => `${line}:${column}: ${message}`);
  expect([code, ok]).toEqual(all.length === 0 ? [0, true] : [1, false]);
  return all;
};

interface Fault {
  line: number;
  column: number;
  message: string;
}

describe('a test of flows', () => {
  it('passes when runs, steps, rendered fields and env are as expected', async () => {
    expect(await faultsOf(`
events:
  - ${GREEN} }
answers: { e2e: [failure, success] }
expect:
  runs:
    - flow: release
      state: succeeded
      env: { version: abc }
      steps:
        e2e: { state: succeeded, attempts: 2, with: { parameters: { SHA: abc } } }
        deploy: { with: { job: deploy, parameters: { VERSION: abc, BUILD: https://platform.invalid/e2e/2 } } }
        tell: succeeded`)).toEqual([]);
  });

  it('compares of maps what is named, and says at its place what is otherwise in them', async () => {
    const test = (sha: string): string => `
events:
  - ${GREEN} }
expect:
  runs:
    - { flow: release, steps: { deploy: { with: { parameters: { VERSION: ${sha} } } } } }`;
    expect(await faultsOf(test('abc'))).toEqual([]);
    expect(await faultsOf(test('def'))).toEqual(['7:78: expected "def", got "abc"']);
  });

  it('says at its place whatever is otherwise', async () => {
    expect(await faultsOf(`
events:
  - ${GREEN} }
expect:
  runs:
    - flow: release
      state: failed
      env: { version: v1 }
      steps:
        e2e: { attempts: 2, with: { job: deploy } }
        deploy: { rollback: succeeded }
        tell: skipped`)).toEqual([
      '8:18: expected "failed", got "succeeded"',
      '9:27: expected "v1", got "abc"',
      '11:30: expected 2, got 1',
      '11:46: expected "deploy", got "e2e"',
      '12:33: expected "succeeded", got nothing',
      '13:19: expected "skipped", got "succeeded"',
    ]);
  });

  it('says which condition kept a run from starting, and which run nobody expected', async () => {
    expect(await faultsOf(`
events:
  - ${GREEN.replace('main', 'x').replace('anna', 'robot')} }
expect:
  runs: [{ flow: release }]`)).toEqual([
      '6:22: expected a run of flow release, got 0; event 1, trigger 1, branches: "x" is not matched by "main", "next"; '
        + 'event 1, trigger 2, event: "pipelinerun.finished" is not matched by "tag.created"',
    ]);
    expect(await faultsOf(`
events: [${GREEN} }]
expect: { runs: [] }`)).toEqual(['4:21: flow release ran and is not expected: it was started by pipelinerun.finished (trigger 1, 2026-01-05T12:00:00.000Z) and is succeeded']);
  });

  it('remembers what earlier runs of the test deployed, and rolls back to it', async () => {
    expect(await faultsOf(`
environments: { production: { lastGood: { env: { version: old } } } }
events:
  - ${GREEN} }
  - ${GREEN.replace('abc', 'def')}, answers: { deploy: { outcome: failure, rollback: success } } }
expect:
  runs:
    - { flow: release, state: succeeded }
    - { flow: release, state: rolled-back, reason: step deploy failed, steps: { deploy: { rollback: { state: succeeded, with: { parameters: { VERSION: abc } } } } } }`)).toEqual([]);
  });

  it('starts a flow once for one fact', async () => {
    expect(await faultsOf(`
events:
  - ${GREEN}, run: { id: 7 } }
  - ${GREEN}, run: { id: 7 } }
  - ${GREEN}, run: { id: 7, attempt: 2 } }
expect: { runs: [{ flow: release, count: 2 }] }`)).toEqual([]);
  });

  it.each([
    ['never', { state: 'failed', outcome: 'timeout', attempts: 3 }, 'rolled-back'],
    ['refused', { state: 'failed', outcome: 'error', attempts: 1 }, 'failed'],
    ['unknown', { state: 'unknown', attempts: 1 }, 'waiting'],
    ['skipped', { state: 'skipped', outcome: 'skipped', attempts: 1 }, 'succeeded'],
  ])('a step that is answered with %s', async (answer, step, state) => {
    const ends = state === 'rolled-back' ? 'failed' : state;
    expect(await faultsOf(`
events: [${GREEN} }]
answers: { e2e: ${answer} }
expect: { runs: [{ flow: release, state: ${ends}, steps: { e2e: ${JSON.stringify(step)} } }] }`)).toEqual([]);
  });

  it.each([
    ['answers: { e2: failure }', '4:16: unknown step "e2": did you mean "e2e"?'],
    ['answers: { release/tell: failure }', '2:5: this version cannot simulate it: step tell does not wait for a run: it can be answered with success, refused or unknown, not with failure'],
    ['answers: { e2e: failure, deploy: success }', '4:38: this step was never asked: nothing ran that this answers'],
    ['answers: { e2e: [failure, success, success] }', '4:21: only 2 of 3 answers were asked for'],
    ['answers: { e2e: { rollback: success } }', '4:21: the rollback of this step was never asked: nothing ran that this answers'],
    ['environments: { staging: { lastGood: {} } }', '4:21: unknown environment "staging": expected production'],
    ['votes: { approve: anna }', '4:5: unknown key "votes": expected one of name, at, flows, environments, events, answers, expect'],
  ])('%s is a fault', async (line, fault) => {
    const found = await faultsOf(`
events: [${GREEN} }]
${line}
expect: { runs: [{ flow: release }] }`);
    expect(found).toContain(fault);
  });

  it('takes no event that it cannot tell', async () => {
    expect(await faultsOf('events: [{ type: schedule.fired, connection: github }]\nexpect: { runs: [] }')).toEqual([expect.stringMatching(/^3:22: expected one of pipelinerun.queued, .*got "schedule.fired"/)]);
  });

  it('reads recorded deliveries by their platform\'s translator, with or without headers', async () => {
    const body = { action: 'completed', workflow_run: { id: 9, name: 'CI', head_branch: 'main', head_sha: 'abc', conclusion: 'success', status: 'completed', event: 'push', run_attempt: 1, actor: { login: 'anna' } }, repository: { full_name: 'acme/shop' } };
    await writeFile('alone.json', JSON.stringify(body));
    await writeFile('whole.json', JSON.stringify({ headers: { 'X-GitHub-Event': 'workflow_run' }, body: { ...body, workflow_run: { ...body.workflow_run, id: 10 } } }));
    await writeFile('ping.json', JSON.stringify({ headers: { 'X-GitHub-Event': 'ping' }, body: {} }));
    expect(await faultsOf(`
events:
  - { recorded: alone.json, connection: github }
  - { recorded: whole.json, connection: github }
expect: { runs: [{ flow: release, count: 2, env: { version: abc } }] }`)).toEqual([]);
    expect(await faultsOf('events: [{ recorded: ping.json, connection: github }]\nexpect: { runs: [] }')).toEqual(['2:5: this version cannot simulate it: the payload tells no event (ping)']);
    await writeFile('odd.json', '3');
    expect(await faultsOf('events: [{ recorded: odd.json, connection: github }]\nexpect: { runs: [] }')).toEqual([expect.stringMatching(/^3:26: odd.json cannot be read: expected a payload, a JSON object/)]);
    expect(await faultsOf('events: [{ recorded: nowhere.json, connection: github }]\nexpect: { runs: [] }')).toEqual([expect.stringMatching(/^3:26: nowhere.json cannot be read: ENOENT/)]);
  });

  it('prints what no test has reached', async () => {
    await writeFile('x.test.yaml', `tests:\n  - name: it\n    events: [${GREEN} }]\n    expect: { runs: [{ flow: release }] }\n`);
    const { out, code } = await run('test', '.');
    expect(out).toEqual([
      'ok      ./x.test.yaml: it',
      'not reached by any test:',
      '  ./flow.yaml: release: if of trigger 1 was never false',
      '  ./flow.yaml: release: trigger 2 never started it',
      '  ./flow.yaml: release: rollback of step deploy never began',
      '  ./flow.yaml: release: if of step tell was never false',
      '1 passed, 0 failed',
    ]);
    expect(code).toBe(0);
  });

  it('is no test of flows that have faults, nor of nothing', async () => {
    expect(await run('test', '.')).toEqual({ code: 2, out: [], err: ['error: .: no *.test.yaml in it'] });
    expect(await run('test', 'flow.yaml')).toMatchObject({ code: 2, err: ['error: flow.yaml: expected the directory with flows and their tests'] });
    expect(await run('test', 'nowhere')).toMatchObject({ code: 2, err: ['error: nowhere: no such directory'] });
    await writeFile('flow.yaml', RESOURCES.replace('jenkins/start-build', 'jenkins/start-biuld'));
    await writeFile('x.test.yaml', 'tests: []\n');
    const { code, out, err } = await run('test', '.');
    expect([code, err]).toEqual([1, ['0 passed, 0 failed, 1 fault in the files']]);
    expect(out).toEqual([expect.stringContaining('unknown action "start-biuld"')]);
  });
});
