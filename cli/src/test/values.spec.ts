import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = `kind: Connection
metadata: { name: ci }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Connection
metadata: { name: hooks }
spec: { platform: webhook, url: "https://hooks.example.com" }
---
kind: Flow
metadata: { name: deploy }
spec:
  on: { event: commit.pushed, from: ci, if: "now().getHours('Europe/Berlin') >= 8" }
  env: { day: "\${{ now() }}" }
  steps:
    build: { uses: ci/start-build, with: { job: build } }
    pause: { needs: [build], wait: 20h }
    rollout: { needs: [pause], if: now() > timestamp("2026-03-03T00:00:00Z"), uses: ci/start-build, with: { job: "day \${{ now().getDate() }}" } }
    tell: { uses: hooks/send }
`;

const PUSHED = '{ type: commit.pushed, connection: ci }';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-values-'));
  await writeFile(join(home, 'flow.yaml'), RESOURCES);
});

afterEach(() => rm(home, { recursive: true }));

const faults = async ({ at, events, answers = '{}', runs }: { at: string; events: string[]; answers?: string; runs: string }): Promise<string[]> => {
  await writeFile(join(home, 'x.test.yaml'), `tests:\n  - name: it\n    at: ${at}\n    events: [${events.join(', ')}]\n    answers: ${answers}\n    expect: { runs: ${runs} }\n`);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const report = JSON.parse(out.join('\n')) as { tests: { faults: Fault[] }[]; faults: Fault[] };
  return [...report.tests.flatMap((test) => test.faults), ...report.faults].map(({ line, column, message }) => `${line}:${column}: ${message}`);
};

interface Fault {
  line: number;
  column: number;
  message: string;
}

describe('now() in a test', () => {
  it('is the time of the test, in conditions of triggers, in env and in steps: the same on every day', async () => {
    const runs = (day: string, rollout: string): string => `[{ flow: deploy, env: { day: "${day}T12:00:00.000Z" }, steps: { rollout: ${rollout} } }]`;
    expect(await faults({ at: '2026-03-01T12:00:00Z', events: [PUSHED], runs: runs('2026-03-01', 'skipped') })).toEqual([]);
    expect(await faults({ at: '2026-03-02T12:00:00Z', events: [PUSHED], runs: runs('2026-03-02', '{ with: { job: day 3 } }') })).toEqual([]);
    expect(await faults({ at: '2026-03-02T06:59:59Z', events: [PUSHED], runs: '[]' })).toEqual([]);
    expect(await faults({ at: '2026-03-02T07:00:00Z', events: [PUSHED], runs: '[{ flow: deploy }]' })).toEqual([]);
  });

  it('goes on with the clock of the test, also for why nothing started', async () => {
    const morning = { at: '2026-03-02T03:00:00Z' };
    expect(await faults({ ...morning, events: ['{ clock: 4h }', PUSHED], runs: '[{ flow: deploy, env: { day: "2026-03-02T07:00:00.000Z" } }]' })).toEqual([]);
    expect(await faults({ ...morning, events: ['{ clock: 3h }', PUSHED], runs: '[{ flow: deploy }]' })).toEqual([
      "6:30: expected a run of flow deploy, got 0; event 1, trigger 1, if: now().getHours('Europe/Berlin') >= 8 is false",
    ]);
  });
});

describe('outputs in a test', () => {
  it('are those that the action gives, by name and type', async () => {
    const given = { at: '2026-03-02T12:00:00Z', events: [PUSHED], runs: '[{ flow: deploy }]' };
    expect(await faults({ ...given, answers: '{ build: { outputs: { number: 7 } } }' })).toEqual([]);
    expect(await faults({ ...given, answers: '{ build: { outputs: { number: "7" } } }' })).toEqual(['5:44: expected a whole number, as the action gives it: Number of the build']);
    expect(await faults({ ...given, answers: '{ deploy/build: { outputs: { nubmer: 7 } } }' })).toEqual(['5:43: unknown output "nubmer": did you mean "number"?']);
    expect(await faults({ ...given, answers: '{ pause: { outputs: { number: 7 } } }' })).toEqual(['5:36: unknown output "number": what this step uses has no outputs']);
  });

  it('may be any where the other side chooses them', async () => {
    expect(await faults({ at: '2026-03-02T12:00:00Z', events: [PUSHED], answers: '{ tell: { outputs: { ticket: [1, 2] } } }', runs: '[{ flow: deploy }]' })).toEqual([]);
  });
});
