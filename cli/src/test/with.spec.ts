import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const RESOURCES = (action: string, values: string): string => `kind: Connection
metadata: { name: hub }
spec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }
---
kind: Connection
metadata: { name: lab }
spec: { platform: gitlab, url: "https://gitlab.com", auth: { token: { env: T } } }
---
kind: Flow
metadata: { name: f }
spec:
  on: { event: pipelinerun.finished, from: hub }
  steps: { a: { uses: ${action}, with: { ${values} }, retry: { attempts: 3, on: [error] } } }
`;
const EVENT = '{ type: pipelinerun.finished, connection: hub, branch: main, run: { id: 7, number: 3 }, change: { number: 9 } }';
const dispatch = (more: string): [string, string] => ['hub/dispatch-workflow', `repository: acme/shop, workflow: ci.yml, ${more}`];

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stellwerk-with-'));
});

afterEach(() => rm(home, { recursive: true }));

/** What is otherwise than the run is expected to be. */
const faults = async ([action, values]: [string, string], run: string, answers = '{}'): Promise<string[]> => {
  await writeFile(join(home, 'flow.yaml'), RESOURCES(action, values));
  await writeFile(join(home, 'x.test.yaml'), `tests:\n  - { name: it, answers: ${answers}, events: [${EVENT}], expect: { runs: [{ flow: f, ${run} }] } }\n`);
  const out: string[] = [];
  await runCli(['test', home, '--json'], { out: (text) => void out.push(text), err: (text) => void out.push(text) });
  const report = JSON.parse(out.join('\n')) as { tests: { faults: { message: string }[] }[]; faults: { message: string }[] };
  return [...report.tests.flatMap((test) => test.faults), ...report.faults].map(({ message }) => message);
};

// Where the types show it lint says so; dyn() hides them.
describe('a rendered with that every connector refuses', () => {
  it.each<[[string, string], string]>([
    [dispatch('ref: "${{ event.?tag }}"'), 'dispatch-workflow needs `ref`'],
    [dispatch('ref: "${{ event.?tag.orValue(\'\') }}"'), 'dispatch-workflow needs `ref`'],
    [dispatch('ref: "${{ dyn(event.run) }}"'), 'dispatch-workflow: `ref` is object, expected a text'],
    [dispatch('ref: "${{ dyn(event.branch == \'main\') }}"'), 'dispatch-workflow: `ref` is boolean, expected a text'],
    [dispatch('ref: main, inputs: "${{ dyn(event.branch) }}"'), 'dispatch-workflow: `inputs` is string, expected a map'],
    [['hub/comment', 'repository: acme/shop, body: hello, issue_number: "${{ event.branch }}"'], 'comment: `issue_number` is string, expected a whole number above 0'],
    [['hub/rerun', 'repository: acme/shop, run: "${{ event.run.id }}", failed-only: "${{ event.branch }}"'], 'rerun: `failed-only` is string, expected true or false'],
    [['hub/set-deployment-status', 'repository: acme/shop, deployment_id: 7, state: "${{ event.branch }}"'], 'set-deployment-status: `state` is string, expected one of error, failure'],
    [['hub/create-deployment', 'repository: acme/shop, ref: main, required_contexts: "${{ dyn(event.run) }}"'], 'create-deployment: `required_contexts` is object, expected a list'],
    [['lab/comment', 'project: acme/shop, body: hello, change: "${{ event.change.number }}", sha: "${{ event.branch }}"'], 'comment needs exactly one of `change`, `issue` and `sha`'],
  ])('fails the step with the words of the connector, and is not repeated: %j', async (step, reason) => {
    expect(await faults(step, `state: failed, steps: { a: { state: failed, outcome: error, attempts: 1, reason: '${reason.replaceAll("'", "''")}' } }`)).toEqual([]);
  });

  it('is never asked of the platform, whatever the test answers', async () => {
    expect(await faults(dispatch('ref: "${{ event.?tag }}"'), 'state: succeeded', '{ a: success }')).toEqual([
      expect.stringMatching(/^this step was never asked/), expect.stringMatching(/^expected "succeeded", got "failed"/),
    ]);
  });

  it('is none where the connector takes it: numbers as texts, texts as numbers, and nothing for what may be absent', async () => {
    expect(await faults(dispatch('ref: "${{ event.run.number }}", inputs: "${{ event.?payload }}"'), 'state: succeeded')).toEqual([]);
    expect(await faults(['hub/comment', 'repository: acme/shop, body: hello, issue_number: "${{ string(event.change.number) }}"'], 'state: succeeded')).toEqual([]);
    expect(await faults(['lab/trigger-pipeline', 'project: acme/shop, ref: main, token: { env: T }, variables: { A: { env: T } }'], 'state: failed', '{ a: failure }')).toEqual([]);
    expect(await faults(['lab/comment', 'project: acme/shop, body: hello, change: "${{ event.change.number }}", sha: "${{ event.?sha }}"'], 'state: succeeded')).toEqual([]);
  });
});
