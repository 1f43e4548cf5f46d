import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = `kind: Connection
metadata: { name: ci }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Flow
metadata: { name: deploy }
spec:
  inputs:
    version: { required: true }
    count: { type: number, default: 2 }
    dry: { type: boolean, default: false }
  env: { version: "\${{ inputs.version }}" }
  steps:
    build: { uses: ci/start-build, with: { job: build, parameters: { V: "\${{ env.version }}", N: "\${{ inputs.count }}" } } }
    rollout:
      needs: [build]
      if: "!inputs.dry"
      uses: ci/start-build
      with: { job: rollout, parameters: { BY: "\${{ event.actor }}" } }
      rollback: { uses: ci/start-build, with: { job: back } }
---
kind: Flow
metadata: { name: other }
spec:
  on: { event: commit.pushed, from: ci }
  steps: { go: { uses: ci/start-build, with: { job: go } } }
`;

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-people-'));
  await writeFile(join(home, 'flow.yaml'), RESOURCES);
});

afterEach(() => rm(home, { recursive: true }));

interface Fault {
  line: number;
  column: number;
  message: string;
}

const tested = async (events: string[], runs: string): Promise<{ faults: string[]; notReached: string[] }> => {
  await writeFile(join(home, 'x.test.yaml'), `tests:\n  - name: it\n    events:\n${events.map((event) => `      - ${event}\n`).join('')}    expect: { runs: ${runs} }\n`);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const report = JSON.parse(out.join('\n')) as { tests: { faults: Fault[] }[]; faults: Fault[]; notReached: { flow: string; part: string; never: string }[] };
  return {
    faults: [...report.tests.flatMap(({ faults }) => faults), ...report.faults].map(({ line, column, message }) => `${line}:${column}: ${message}`),
    notReached: report.notReached.map(({ flow, part, never }) => `${flow}: ${part} ${never}`),
  };
};

const faults = async (events: string[], runs: string): Promise<string[]> => (await tested(events, runs)).faults;

describe('a start by hand in a test', () => {
  it('gives the inputs that a person gives, with the defaults of the others', async () => {
    expect(await tested(
      ['{ start: deploy, inputs: { version: v1 }, by: anna }', '{ start: deploy, inputs: { version: v2, count: 5, dry: true } }'],
      '[{ flow: deploy, inputs: { version: v1, count: 2 }, env: { version: v1 }, steps: { build: { with: { parameters: { V: v1, N: 2 } } }, rollout: { with: { parameters: { BY: anna } } } } }, '
        + '{ flow: deploy, inputs: { count: 5 }, state: succeeded, steps: { rollout: skipped } }]',
    )).toEqual({ faults: [], notReached: ['deploy: rollback of step rollout began', 'other: trigger 1 started it', 'other: step go began'] });
  });

  it('is possible for every flow, and the flow that is only started so has its steps counted', async () => {
    expect(await tested(['{ start: other }'], '[{ flow: other }]')).toEqual({
      faults: [],
      notReached: ['deploy: start by hand started it', 'deploy: step build began', 'deploy: if of step rollout asked', 'deploy: step rollout began', 'deploy: rollback of step rollout began', 'other: trigger 1 started it'],
    });
  });

  it('is refused as status refuses it: expected, or a fault at each input', async () => {
    expect(await faults(['{ start: deploy, inputs: { count: "2", versoin: v1 }, refused: "input \\"count\\" must be a number" }'.replaceAll('\\"', "\\\"")], '[]')).toEqual([]);
    expect(await faults(['{ start: deploy, inputs: { count: "2", versoin: v1 } }'], '[]')).toEqual([
      '4:9: the order is refused: input "version" is missing: expected text',
      '4:43: the order is refused: input "count" must be a number, got "2"',
      '4:57: the order is refused: there is no input "versoin"; there are version, count, dry',
    ].map((line) => expect.stringContaining(line.replace(/^4:\d+/, '4:').slice(3)) as string));
    expect(await faults(['{ start: deploy, inputs: { version: v1 }, refused: missing }'], '[{ flow: deploy }]')).toEqual(['4:60: expected a refusal with "missing" in it, but the order was taken']);
    expect(await faults(['{ start: deploy, refused: no such }'], '[]')).toEqual(['4:35: expected a refusal with "no such" in it, got "input \\"version\\" is missing: expected text"']);
  });

  it('of an unknown flow is a fault, and so is a run that nobody expects', async () => {
    expect(await faults(['{ start: deplyo }'], '[]')).toEqual(['4:18: unknown flow "deplyo": did you mean "deploy"?']);
    expect(await faults(['{ start: other }'], '[]')).toEqual(['5:21: flow other ran and is not expected: it was started by run.requested (by hand, 2026-01-05T12:00:00.000Z) and is succeeded']);
  });
});

describe('orders of people in a test', () => {
  const START = '{ start: deploy, inputs: { version: v1 } }';

  it('retry goes on from the failed steps, with answers of its own', async () => {
    expect(await faults(
      ['{ start: deploy, inputs: { version: v1 }, answers: { rollout: failure } }', '{ order: retry, flow: deploy, by: anna, answers: { rollout: success } }'],
      '[{ flow: deploy, state: succeeded, steps: { build: { attempts: 1 }, rollout: { state: succeeded, attempts: 2 } } }]',
    )).toEqual([]);
  });

  it('rollback undoes what was done', async () => {
    expect(await faults([START, '{ order: rollback, flow: deploy }'], '[{ flow: deploy, state: rolled-back, steps: { rollout: { rollback: { with: { job: back } } } } }]')).toEqual([]);
  });

  it('rollback goes back to what another run left good, and what it undid is returned to no more', async () => {
    await writeFile(join(home, 'flow.yaml'), `kind: Environment
metadata: { name: prod }
spec: {}
---
${RESOURCES.replace('      if: "!inputs.dry"', '      environment: prod').replace('job: back', 'job: "${{ environment.lastGood.env.version }}"')}`);
    const start = (version: string): string => START.replace('v1', version);
    const order = '{ order: rollback, flow: deploy }';
    const undone = (version: string): string => `{ flow: deploy, state: rolled-back, steps: { rollout: { rollback: { with: { job: ${version} } } } } }`;
    expect(await faults([start('v1'), start('v2'), order, start('v3'), order], `[{ flow: deploy, state: succeeded }, ${undone('v1')}, ${undone('v1')}]`)).toEqual([]);
    expect(await faults([start('v1'), order.replace(' }', ', refused: nothing to return to }')], '[{ flow: deploy, state: succeeded }]')).toEqual([]);
  });

  it('a step that is unknown is settled: it ran, and the run that the person names is followed to its end', async () => {
    const start = '{ start: deploy, inputs: { version: v1 }, answers: { build: unknown } }';
    const ran = '{ resolve: { step: build, ran: true, run: 4711 }, flow: deploy, by: anna }';
    expect(await faults([start, ran], '[{ flow: deploy, state: succeeded, steps: { build: { state: succeeded, attempts: 1, with: { job: build } }, rollout: succeeded } }]')).toEqual([]);
    expect(await faults([start, ran.replace(' }', ' }').replace('by: anna', 'answers: { build: failure }')], '[{ flow: deploy, state: failed, steps: { build: { state: failed, outcome: failure } } }]')).toEqual([]);
    expect(await faults([start.replace('unknown', '[unknown, unknown]'), ran], '[{ flow: deploy, state: waiting, steps: { build: unknown } }]')).toEqual([]);
    await writeFile(join(home, 'flow.yaml'), RESOURCES.replace('BY: "${{ event.actor }}"', 'BUILD: "${{ steps.build.run.id }}"'));
    expect(await faults([start, ran], '[{ flow: deploy, steps: { rollout: { with: { parameters: { BUILD: "4711" } } } } }]')).toEqual([]);
  });

  it('a step that is unknown is settled: it did not run, and is sent once more as the same attempt', async () => {
    const start = '{ start: deploy, inputs: { version: v1 }, answers: { build: [unknown, failure] } }';
    const not = '{ resolve: { step: build, ran: false }, flow: deploy }';
    expect(await faults([start, not], '[{ flow: deploy, state: failed, steps: { build: { state: failed, outcome: failure, attempts: 1 } } }]')).toEqual([]);
    expect(await faults([start.replace('[unknown, failure]', 'unknown'), not], '[{ flow: deploy, state: succeeded, steps: { build: { state: succeeded, attempts: 1 } } }]')).toEqual([]);
    expect(await faults([start], '[{ flow: deploy, state: waiting }]')).toEqual([expect.stringContaining('only 1 of 2 answers were asked for') as string]);
  });

  it('a rollback that is unknown is settled as well, with the answers of the rollback', async () => {
    const start = '{ start: deploy, inputs: { version: v1 }, answers: { rollout: { rollback: [unknown, failure] } } }';
    const [undo, not] = ['{ order: rollback, flow: deploy }', '{ resolve: { step: rollout, ran: false }, flow: deploy }'];
    expect(await faults([start, undo], '[{ flow: deploy, steps: { rollout: { rollback: unknown } } }]')).toEqual([expect.stringContaining('only 1 of 2') as string]);
    expect(await faults([start, undo, not], '[{ flow: deploy, state: failed, steps: { rollout: { rollback: { state: failed, attempts: 1 } } } }]')).toEqual([]);
  });

  it('what is not unknown is settled by nobody, and how it is written is checked', async () => {
    const [start, ran] = ['{ start: deploy, inputs: { version: v1 }, answers: { build: unknown } }', '{ resolve: { step: build, ran: true }, flow: deploy }'];
    expect(await faults([START, ran], '[{ flow: deploy }]')).toEqual(['5:9: the order is refused: the run is succeeded already']);
    expect(await faults([start, ran.replace(' }', ', run: 1 }').replace('build', 'rollout').replace('deploy }', 'deploy, refused: "not unknown" }')], '[{ flow: deploy, state: waiting }]')).toEqual([]);
    expect(await faults([start, ran.replace('deploy }', 'deploy, refused: "name the run to follow" }')], '[{ flow: deploy, state: waiting }]')).toEqual([]);
    expect(await faults([start, ran.replace('build', 'biuld')], '[]')).toEqual(['5:28: unknown step "biuld": did you mean "build"?']);
    expect(await faults([start, ran.replace('true', 'false, run: 7')], '[]')).toEqual(['5:52: expected no run where the step did not run, got the number 7']);
    expect(await faults([start, ran.replace('ran: true', 'rna: true')], '[]')).toEqual(expect.arrayContaining([expect.stringContaining('unknown key "rna": did you mean "ran"?')]) as never);
  });

  it('cancel ends what waits for a person', async () => {
    const [start, order] = ['{ start: deploy, inputs: { version: v1 }, answers: { build: unknown } }', '{ order: cancel, flow: deploy, by: anna }'];
    expect(await faults([start], '[{ flow: deploy, state: waiting }]')).toEqual([]);
    expect(await faults([start, order], '[{ flow: deploy, state: cancelled, reason: cancelled by anna }]')).toEqual([]);
  });

  it('are refused as the router refuses them', async () => {
    expect(await faults([START, '{ order: retry, flow: deploy, refused: there is nothing to retry }'], '[{ flow: deploy }]')).toEqual([]);
    expect(await faults([START, '{ order: cancel, flow: deploy }'], '[{ flow: deploy }]')).toEqual(['5:9: the order is refused: the run is succeeded already']);
    expect(await faults(['{ order: retry, flow: deploy }'], '[]')).toEqual(['4:31: there is no run of flow deploy yet: expected an order about one that has started before']);
    expect(await faults(['{ order: retri, flow: deploy }'], '[]')).toEqual(['4:18: expected one of cancel, retry, rollback, got "retri": did you mean "retry"?']);
  });
});
