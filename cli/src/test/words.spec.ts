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
metadata: { name: f31 }
spec:
  on: { event: pipelinerun.finished, from: ci, outcome: success }
  steps:
    build: { uses: ci/start-build, with: { job: a } }
    tag: { needs: [build], if: 'event.tag != "x"', uses: ci/start-build, with: { job: b } }
`;

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-words-'));
  await writeFile(join(home, 'flow.yaml'), RESOURCES);
});

afterEach(() => rm(home, { recursive: true }));

const told = (more = ''): string => `{ type: pipelinerun.finished, connection: ci, outcome: success, tag: v1${more} }`;

interface Report {
  tests: { faults: { message: string }[] }[];
  faults: { line: number; message: string }[];
  notReached: { part: string; never: string }[];
}

const reportOf = async (tests: string): Promise<Report> => {
  await writeFile(join(home, 'x.test.yaml'), tests);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  return JSON.parse(out.join('\n')) as Report;
};

const failed = async (events: string[], runs: string): Promise<string[]> =>
  (await reportOf(`tests: [{ name: it, events: [${events.join(', ')}], expect: { runs: ${runs} } }]\n`)).tests.flatMap(({ faults }) => faults.map(({ message }) => message));

describe('a run that is expected, and did not start', () => {
  it('because its fact was told before: says which event told it', async () => {
    const twice = [told(', run: { id: 7 }'), told(', run: { id: 7 }')];
    expect(await failed(twice, '[{ flow: f31 }, { flow: f31 }]')).toEqual([
      'expected one more run (after 1 that ran as expected) of flow f31, got 0; event 2 tells the same fact as event 1, for which the flow starts once',
    ]);
    expect(await failed(twice, '[{ flow: f31, count: 2 }]')).toEqual(['expected 2 runs of flow f31, got 1; event 2 tells the same fact as event 1, for which the flow starts once']);
    expect(await failed([told(', fact: same'), told(', fact: other'), told(', fact: same')], '[{ flow: f31, count: 2 }]')).toEqual([]);
  });

  it('because its triggers said no: says which condition', async () => {
    const other = told().replace('success', 'failure');
    expect(await failed([told(), other], '[{ flow: f31 }, { flow: f31, count: 2 }]')).toEqual([expect.stringMatching(/^expected 2 more runs \(after 1 that ran as expected\) of flow f31, got 0; event 2, trigger 1, outcome: /)]);
    expect(await failed([other], '[{ flow: f31 }]')).toEqual([expect.stringMatching(/^expected a run of flow f31, got 0; event 1, trigger 1, outcome: /)]);
  });
});

it('a condition that ended in an error was asked, and was neither true nor false', async () => {
  const { tests, notReached } = await reportOf(`tests: [{ name: it, events: [${told().replace(', tag: v1', '')}], expect: { runs: [{ flow: f31, state: failed, steps: { tag: { state: failed, reason: 'if: ' } } }] } }]\n`);
  expect(tests.flatMap(({ faults }) => faults)).toEqual([]);
  expect(notReached).toEqual([
    expect.objectContaining({ part: 'if of step tag', never: 'true' }), expect.objectContaining({ part: 'if of step tag', never: 'false' }), expect.objectContaining({ part: 'step tag', never: 'began' }),
  ]);
});

it('what the schema finds wrong does not hide names that are unknown, in the same test or in others', async () => {
  const { tests, faults } = await reportOf(`tests:
  - name: first
    evnts: []
    flows: [f13]
    environments: { prod: { lastGood: {} } }
    events: [{ type: pipelinerun.finished, connection: cii, answers: { biuld: success } }, { order: retri, flow: f13 }, 7, { resolve: { step: tga }, flow: f31 }]
    expect: { runs: [{ flow: f31, sate: failed, steps: { biuld: succeeded } }, nonsense], missing: [{ flow: f13 }] }
  - name: second
    events: [{ start: f32 }, ${told()}]
    answers: { f31/tga: failure, f30/build: success }
    expect: { runs: [{ flow: 5 }] }
`);
  expect(tests).toEqual([]);
  expect(faults.map(({ line, message }) => `${line}: ${message}`)).toEqual(expect.arrayContaining([
    '3: unknown key "evnts": did you mean "events"?', '4: unknown flow "f13": did you mean "f31"?', '5: unknown environment "prod"',
    '6: unknown connection "cii": did you mean "ci"?', '6: unknown step "biuld": did you mean "build"?', '6: unknown flow "f13": did you mean "f31"?',
    '7: unknown key "sate": did you mean "state"?', '7: unknown flow "f13": did you mean "f31"?',
    '9: unknown flow "f32": did you mean "f31"?', '10: unknown step "tga": did you mean "tag"?', '10: unknown flow "f30": did you mean "f31"?',
  ]));
  expect(faults.some(({ message }) => message.includes('in force'))).toBe(false);
});

it('what may happen in a test is said of a map with nothing in it', async () => {
  const { faults } = await reportOf('tests: [{ name: it, events: [{}], expect: { runs: [] } }]\n');
  expect(faults.map(({ message }) => message)).toEqual([
    'expected an event { type, connection, … } or { recorded: FILE, connection }, { start: FLOW }, { order, flow }, { resolve, flow } or { clock }, got an empty map',
  ]);
});
