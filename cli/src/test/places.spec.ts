import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const CONNECTION = `kind: Connection
metadata: { name: hub }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
`;
const USES = 'uses: hub/dispatch-workflow, with: { repository: acme/shop, workflow: ci.yml, ref: main }';
const flow = (name: string, more: string, steps = `a: { ${USES} }`): string => `---
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: commit.pushed, from: hub, branches: ${name} }]
  ${more}
  steps: { ${steps} }
`;
const PRODUCTION = '---\nkind: Environment\nmetadata: { name: production }\nspec: { concurrency: 1 }\n';

const pushed = (branch: string, more = ''): string => `{ type: commit.pushed, connection: hub, branch: ${branch}${more} }`;
const UNKNOWN = ', answers: { a: unknown }';

let home: string;
let before: string;

beforeEach(async () => {
  before = process.cwd();
  home = await mkdtemp(join(tmpdir(), 'stellwerk-places-'));
  process.chdir(home);
});

afterEach(async () => {
  process.chdir(before);
  await rm(home, { recursive: true });
});

/** Messages of the faults of one test: what happens, and which runs are expected. */
const faultsOf = async (resources: string, { events, runs }: { events: string[]; runs: string[] }): Promise<string[]> => {
  await writeFile('flow.yaml', CONNECTION + resources);
  await writeFile('x.test.yaml', ['tests:', '  - name: it', '    events:', ...events.map((event) => `      - ${event}`), '    expect:', '      runs:', ...runs.map((run) => `        - ${run}`)].join('\n'));
  const out: string[] = [];
  const code = await runCli(['test', '.', '--json'], { out: (text) => out.push(text), err: (text) => out.push(text) });
  const { tests, faults } = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[] };
  const all = [...tests.flatMap((test) => test.faults), ...faults].map(({ message }) => message);
  expect(code).toBe(all.length === 0 ? 0 : 1);
  return all;
};

const limited = (whenFull: string, steps?: string): string => flow('one', `concurrency: { group: "one", when-full: ${whenFull} }`, steps);

describe('a run that rests unfinished', () => {
  it('keeps its place in the group: a newer one is dropped', async () => {
    expect(await faultsOf(limited('drop'), {
      events: [pushed('one', UNKNOWN), pushed('one')],
      runs: ['{ flow: one, state: waiting }', '{ flow: one, state: cancelled, reason: \'dropped: group "one" is full\', steps: { a: cancelled } }'],
    })).toEqual([]);
  });

  it('has a newer one wait, which begins when it ends, and goes on with its own answers', async () => {
    const steps = `ask: { approve: { by: [alice], within: 1h } }, a: { needs: [ask], ${USES} }`;
    const waits = [pushed('one', ', answers: { ask: never }'), pushed('one', ', answers: { a: failure }')];
    expect(await faultsOf(limited('queue', steps), { events: waits.slice(0, 1).concat(pushed('one')), runs: ['{ flow: one, state: waiting }', '{ flow: one, state: queued, reason: is full }'] })).toEqual([]);
    expect(await faultsOf(limited('queue', steps), {
      events: [...waits, '{ clock: 2h }'],
      runs: ['{ flow: one, state: failed, steps: { ask: failed } }', '{ flow: one, state: failed, steps: { ask: succeeded, a: failed } }'],
    })).toEqual([]);
  });

  it('is settled by the person who resolves the step, though a newer one waits behind it', async () => {
    expect(await faultsOf(limited('queue'), {
      events: [pushed('one', UNKNOWN), pushed('one'), '{ resolve: { step: a, ran: true, run: 7 }, flow: one }'],
      runs: ['{ flow: one, state: succeeded }', '{ flow: one, state: succeeded }'],
    })).toEqual([]);
  });

  it('has only the newest wait with replace-queued, and makes room with cancel-running', async () => {
    const events = [pushed('one', UNKNOWN), pushed('one'), pushed('one')];
    expect(await faultsOf(limited('replace-queued'), { events, runs: ['{ flow: one, state: waiting }', '{ flow: one, state: cancelled, reason: replaced by run }', '{ flow: one, state: queued }'] })).toEqual([]);
    expect(await faultsOf(limited('cancel-running'), { events: [pushed('one', ', answers: { a: never }'), pushed('one')], runs: ['{ flow: one, state: failed }', '{ flow: one, state: succeeded }'] })).toEqual([]);
    const asks = limited('cancel-running', 'ask: { approve: { by: [alice] } }');
    expect(await faultsOf(asks, {
      events: [pushed('one', ', answers: { ask: never }'), pushed('one')],
      runs: ['{ flow: one, state: cancelled, reason: which is newer in group }', '{ flow: one, state: succeeded }'],
    })).toEqual([]);
  });

  it('keeps its place in an environment after an UNKNOWN, over all flows, until a person settles it', async () => {
    const deploys = `a: { environment: production, ${USES} }`;
    const resources = PRODUCTION + flow('one', '', deploys) + flow('two', '', deploys);
    const events = [pushed('one', UNKNOWN), pushed('two')];
    expect(await faultsOf(resources, { events, runs: ['{ flow: one, state: waiting, steps: { a: unknown } }', '{ flow: two, state: waiting, steps: { a: { state: waiting, reason: "environment production is taken" } } }'] })).toEqual([]);
    expect(await faultsOf(resources, { events: [...events, '{ resolve: { step: a, ran: true, run: 7 }, flow: one }'], runs: ['{ flow: one, state: succeeded }', '{ flow: two, state: succeeded }'] })).toEqual([]);
    expect(await faultsOf(resources, { events: [...events, '{ order: cancel, flow: one }'], runs: ['{ flow: one, state: cancelled }', '{ flow: two, state: succeeded }'] })).toEqual([]);
  });

  it('lets those in whose turn it is, one after the other, also steps of one run', async () => {
    const both = `a: { environment: production, ${USES} }, b: { environment: production, ${USES} }, pause: { needs: [a], wait: 1h }`;
    expect(await faultsOf(PRODUCTION + flow('one', 'timeout: 2h', both), { events: [pushed('one')], runs: ['{ flow: one, state: succeeded, steps: { b: { state: succeeded, attempts: 1 } } }'] })).toEqual([]);
    expect(await faultsOf(limited('queue'), {
      events: [pushed('one', UNKNOWN), pushed('one'), pushed('one', UNKNOWN), pushed('one'), '{ resolve: { step: a, ran: true, run: 7 }, flow: one }'],
      runs: ['{ flow: one, state: succeeded }', '{ flow: one, state: succeeded }', '{ flow: one, state: waiting }', '{ flow: one, state: queued }'],
    })).toEqual([]);
  });

  it('stands in line again after a retry, and with its rollback; time counts while it waits in an environment', async () => {
    const two = `a: { ${USES} }, ask: { needs: [a], approve: { by: [alice] } }`;
    const retried = '{ order: retry, flow: one }';
    expect(await faultsOf(flow('one', 'concurrency: { group: "${{ event.branch }}" }', `a: { ${USES} }`), {
      events: [pushed('one', ', answers: { a: failure }'), retried], runs: ['{ flow: one, state: succeeded, steps: { a: { attempts: 2 } } }'],
    })).toEqual([]);
    expect(await faultsOf(limited('queue', two), {
      events: [pushed('one', ', answers: { a: failure }'), retried.replace(' }', ', answers: { ask: never } }'), pushed('one')],
      runs: ['{ flow: one, state: waiting, steps: { a: succeeded } }', '{ flow: one, state: queued }'],
    })).toEqual([]);
    const undone = `a: { environment: production, ${USES}, rollback: { ${USES} } }, b: { needs: [a], approve: { by: [alice], within: 1h } }`;
    const resources = PRODUCTION + flow('one', 'on-failure: rollback', undone) + flow('two', 'timeout: 3h', `a: { environment: production, ${USES} }`);
    const events = [pushed('one', ', answers: { b: never }'), pushed('two', ', answers: { a: unknown }'), '{ clock: 2h }'];
    expect(await faultsOf(resources, { events, runs: ['{ flow: one, state: rolling-back, steps: { a: { rollback: { reason: is taken } } } }', '{ flow: two, state: waiting }'] })).toEqual([]);
    expect(await faultsOf(resources, { events: [...events, '{ resolve: { step: a, ran: false }, flow: two }'], runs: ['{ flow: one, reason: superseded }', '{ flow: two, state: succeeded }'] })).toEqual([]);
    const hasty = PRODUCTION + flow('one', 'timeout: 1h', `a: { environment: production, ${USES} }`) + flow('two', '', `a: { environment: production, ${USES} }`);
    expect(await faultsOf(hasty, { events: [pushed('two', UNKNOWN), pushed('one'), '{ clock: 2h }'], runs: ['{ flow: two, state: waiting }', '{ flow: one, state: failed, steps: { a: { state: failed, reason: the time of the whole run was over } } }'] })).toEqual([]);
  });
});
