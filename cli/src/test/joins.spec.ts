import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const flow = (name: string, missing: string): string => `---
kind: Flow
metadata: { name: ${name} }
spec:
  on:
    - all:
        build: { event: pipelinerun.finished, from: github, outcome: success }
        scan: { event: pipelinerun.finished, from: jenkins, outcome: success }
      key: "\${{ event.sha }}"
      within: 30m
      missing: ${missing}
    - { schedule: "0 6 * * *" }
  inputs: { where: { default: staging } }
  steps:
    go: { uses: jenkins/start-build, with: { job: go, parameters: { SCAN: '\${{ events.?scan.?branch.orValue("none") }}', WHERE: "\${{ inputs.where }}" } } }
`;
const CONNECTIONS = `kind: Connection
metadata: { name: github }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
`;
const told = (connection: string, sha: string): string => `{ type: pipelinerun.finished, connection: ${connection}, branch: main, sha: ${sha}, outcome: success }`;

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-joins-'));
  await writeFile(join(home, 'flow.yaml'), CONNECTIONS + flow('both', 'ignore') + flow('either', 'start'));
});

afterEach(() => rm(home, { recursive: true }));

const tested = async (events: string[], runs: string, missing?: string): Promise<string[]> => {
  await writeFile(join(home, 'x.test.yaml'), `tests:\n  - name: it\n    events: [${events.join(', ')}]\n    expect: { runs: ${runs}${missing === undefined ? '' : `, missing: ${missing}`} }\n`);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const { tests, faults, notReached } = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[]; notReached: { part: string }[] };
  if (tests.length > 0) expect(notReached.some(({ part }) => part === 'trigger 2')).toBe(true);
  return [...tests.flatMap((test) => test.faults), ...faults].map(({ message }) => message);
};

const GO = (scan: string): string => `{ state: succeeded, steps: { go: { with: { parameters: { SCAN: ${scan}, WHERE: staging } } } } }`;
const run = (name: string, scan: string): string => GO(scan).replace('{', `{ flow: ${name},`);

describe('a test of a flow with a join', () => {
  it('starts it once with its last part, in whatever order, and with the defaults of its inputs', async () => {
    const both = `[${run('both', 'main')}, ${run('either', 'main')}]`;
    expect(await tested([told('github', 'a'), told('jenkins', 'b'), told('jenkins', 'a')], `[${run('both', 'main')}, ${run('either', 'main')}, ${run('either', 'main')}]`)).toEqual([]);
    expect(await tested([told('jenkins', 'a'), told('github', 'a'), told('github', 'a')], both)).toEqual([]);
  });

  it('lets the time of the join end: what shall start without all parts starts without them', async () => {
    expect(await tested([told('github', 'a')], `[${run('either', 'none')}]`)).toEqual([]);
  });

  it('says what an event is to the join when the expected run did not start', async () => {
    expect(await tested([told('github', 'a')], `[${run('both', 'none')}, ${run('either', 'none')}]`)).toEqual([
      expect.stringContaining('event 1, trigger 1, part build, all: it is this part, for the key "a": a run starts when all parts are there; event 1, trigger 1, part scan, from:') as string,
    ]);
  });

  it('says who people are told is missing, when the time of the join is over', async () => {
    await writeFile(join(home, 'flow.yaml'), CONNECTIONS + flow('told', 'notify') + flow('both', 'ignore'));
    const events = [told('github', 'a'), told('jenkins', 'b')];
    expect(await tested(events, '[]')).toEqual([]);
    expect(await tested(events, '[]', '[{ flow: told, key: b, parts: build }, { flow: told, parts: [scan] }]')).toEqual([]);
    expect(await tested([told('github', 'a'), told('jenkins', 'a')], `[${run('told', 'main')}, ${run('both', 'main')}]`, '[]')).toEqual([]);
    expect(await tested(events.slice(1), '[]', '[]')).toEqual(['people are told what is not expected: flow told, key "b": build']);
    expect(await tested(events, '[]', '[{ flow: told, key: b, parts: scan }, { flow: told, parts: scan }]')).toEqual([
      'people are told what is not expected: flow told, key "b": build', 'nobody was told that scan is missing; told was flow told, key "a": scan; flow told, key "b": build',
    ]);
    expect(await tested(events, '[]', '[{ flow: both, parts: [scan, bild] }]')).toEqual(['unknown part "bild": did you mean "build"?']);
  });
});
