import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = `kind: Connection
metadata: { name: hub }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Environment
metadata: { name: production }
spec:
  approve: { by: [team:release], count: 2 }
  freeze: [{ from: 2026-01-05T00:00:00Z, to: 2026-01-06T06:00:00Z, reason: holidays }]
---
kind: Flow
metadata: { name: release }
spec:
  on: [{ event: pipelinerun.finished, from: hub }]
  concurrency: { group: one }
  steps:
    ask: { approve: { by: [alice] } }
    pause: { needs: [ask], wait: 10m }
    scan: { needs: [pause], wait: { event: custom.received, key: "\${{ event.sha }}", within: 1h } }
    create:
      needs: [scan]
      uses: hub/create-deployment
      with: { repository: acme/shop, ref: main, environment: production }
    deploy:
      needs: [create]
      environment: production
      uses: hub/set-deployment-status
      with: { repository: acme/shop, deployment_id: "\${{ steps.create.outputs.deployment }}", state: success }
`;

const GREEN = '- { type: pipelinerun.finished, connection: hub, sha: abc, outcome: success }';
const SCANNED = '- { type: custom.received, connection: hub, sha: abc }';

let home: string;
let before: string;

beforeEach(async () => {
  before = process.cwd();
  home = await mkdtemp(join(tmpdir(), 'stellwerk-gates-'));
  process.chdir(home);
  await writeFile('flow.yaml', RESOURCES);
});

afterEach(async () => {
  process.chdir(before);
  await rm(home, { recursive: true });
});

/** Messages of the faults of one test. */
const faultsOf = async (test: string): Promise<string[]> => {
  await writeFile('x.test.yaml', `tests:\n  - name: it\n${test.trim().split('\n').map((line) => `    ${line}`).join('\n')}\n`);
  const out: string[] = [];
  const code = await runCli(['test', '.', '--json'], { out: (text) => out.push(text), err: (text) => out.push(text) });
  const { tests, faults } = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[] };
  const all = [...tests.flatMap((one) => one.faults), ...faults].map(({ message }) => message);
  expect(code).toBe(all.length === 0 ? 0 : 1);
  return all;
};

describe('a test of a flow whose steps wait', () => {
  it('has people approve, lets time go by and brings the event; outputs are as the test gives them', async () => {
    expect(await faultsOf(`
at: 2026-01-05T12:00:00Z
events:
  ${GREEN}
  ${SCANNED}
answers: { create: { outputs: { deployment: 42 } } }
expect:
  runs:
    - flow: release
      state: succeeded
      steps:
        ask: succeeded
        pause: succeeded
        scan: succeeded
        deploy: { state: succeeded, with: { deployment_id: 42 } }`)).toEqual([]);
  });

  it('has them deny, or not answer', async () => {
    expect(await faultsOf(`events:\n  ${GREEN}\nanswers: { ask: failure }\nexpect: { runs: [{ flow: release, state: failed, steps: { ask: { reason: denied by person-1 } } }] }`)).toEqual([]);
    expect(await faultsOf(`events:\n  ${GREEN}\nanswers: { ask: never }\nexpect: { runs: [{ flow: release, state: waiting, steps: { ask: waiting, pause: pending } }] }`)).toEqual([]);
    expect(await faultsOf(`events:\n  ${GREEN}\nanswers: { ask: timeout }\nexpect: { runs: [] }`)).toEqual([
      'this version cannot simulate it: step ask asks people: it can be answered with success, failure or never, not with timeout',
    ]);
  });

  it('has them asked anew by a retry, which the next of several answers is for', async () => {
    const test = (answers: string, expected: string) => faultsOf(`events:\n  ${GREEN}\n  - { order: retry, flow: release, by: bob }\nanswers: { ask: ${answers} }\nexpect: { runs: [{ flow: release, ${expected} }] }`);
    expect(await test('[failure, success]', 'state: waiting, steps: { ask: succeeded, pause: succeeded, scan: waiting }')).toEqual([]);
    expect(await test('failure', 'state: failed, steps: { ask: { reason: denied by person-1 } }')).toEqual([]);
  });

  it('rests where an event is awaited that does not come', async () => {
    expect(await faultsOf(`events:\n  ${GREEN}\n  ${SCANNED.replace('abc', 'def')}\nexpect: { runs: [{ flow: release, state: waiting, steps: { pause: succeeded, scan: waiting } }] }`)).toEqual([]);
  });
});
