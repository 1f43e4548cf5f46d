import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runCli } from '@stellwerk/cli';
import { describe, expect, it } from 'vitest';
import { carryOutTrial } from './carry-out-trial.js';
import type { GivenFile } from './given-body.js';
import type { EventsPage, TrialKind } from './thread-messages.js';

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;

const CONNECTION = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }\n';
const flow = (name: string, sha = 'event.sha'): string => `---
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github }]
  env: { sha: "\${{ ${sha} }}" }
  steps: { scan: { uses: github/dispatch-workflow, with: { repository: a/b, workflow: c.yml, ref: main } } }
`;

const asked = (kind: TrialKind, body: unknown, pages: EventsPage[] = [{ items: [], end: 'all' }]): Promise<object> =>
  carryOutTrial({ kind, body: typeof body === 'string' ? body : JSON.stringify(body), inForce: { flows: [], connections: {} } }, async () => pages.shift()!);

/** What the command line prints with --json, paths from `from`. */
const cli = async (command: string, from: string): Promise<Record<string, unknown>> => {
  const out: string[] = [];
  await runCli([command, from, '--json'], { out: (text) => out.push(text), err: (text) => out.push(text) });
  return JSON.parse(out.join('\n').replaceAll(`${from}/`, '')) as Record<string, unknown>;
};

const filesOf = (folder: string): GivenFile[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((found) => found.isFile())
  .map(({ parentPath, name }) => ({ path: relative(folder, join(parentPath, name)), text: readFileSync(join(parentPath, name), 'utf8') }));

describe.each(readdirSync(EXAMPLES, { withFileTypes: true }).filter((found) => found.isDirectory()).map(({ name }) => name))('of examples/%s the API says what the command line says', (name) => {
  const folder = join(EXAMPLES, name);

  it('with lint, but of secrets that are not set here', async () => {
    const { faults, ...counts } = await cli('lint', folder) as { faults: { file: string; message: string }[]; warnings: number };
    const others = faults.filter(({ message }) => !/^secret .* is not set$/.test(message));
    expect(await asked('lint', { files: filesOf(folder) }))
      .toEqual({ ...counts, warnings: counts.warnings - faults.length + others.length, faults: others.map(({ file, ...fault }) => ({ path: file, ...fault })) });
  });

  it('with test', async () => expect(await asked('test', { files: filesOf(folder) })).toEqual(await cli('test', folder)));
});

describe('faults', () => {
  it('have their places', async () => {
    const text = CONNECTION + flow('release').replace('dispatch-workflow', 'dispatch-workflw');
    expect(await asked('lint', { files: [{ path: 'flows/a.yaml', text }] }))
      .toMatchObject({ ok: false, errors: 1, files: 1, faults: [{ path: 'flows/a.yaml', line: 10, severity: 'error', message: expect.stringContaining('did you mean') }] });
  });

  it('of tests are those of the payloads that they name, which nothing but the files given can be', async () => {
    const [yaml, hook] = [{ path: 'flows/a.yaml', text: CONNECTION + flow('release') }, JSON.stringify({ headers: { 'X-GitHub-Event': 'ping' }, body: {} })];
    const test = (recorded: string): GivenFile => ({
      path: './flows/a.test.yaml', text: `tests:\n  - name: it\n    events: [{ recorded: ${recorded}, connection: github }]\n    expect: { runs: [] }\n`,
    });
    const said = async (recorded: string, path: string): Promise<string> => {
      const { tests } = await asked('test', { files: [yaml, test(recorded), { path, text: hook }] }) as { tests: { faults: { message: string }[] }[] };
      return tests[0]!.faults[0]!.message;
    };
    expect(await said('../hooks/ping.json', 'hooks/ping.json')).toContain('the payload tells no event (ping)');
    expect(await said('/etc/hostname', 'hooks/ping.json')).toBe('/etc/hostname cannot be read: it is not among the files');
  });
});

describe('a backtest', () => {
  const events = (count: number) => Array.from({ length: count }, (_, n) => ({
    id: `e${n}`, type: 'dev.stellwerk.pipelinerun.finished.v1', fact: `f${n}`, data: { connection: 'github', platform: 'github', sha: String(n), occurredAt: '2026-11-24T08:00:00Z' },
  }));

  it('goes on until there are no more events, and leaves out what nobody reads', async () => {
    const all = events(1_200);
    const report = await asked('backtest', { files: [{ path: 'a.yaml', text: CONNECTION + flow('release') }] }, [{ items: all.slice(0, 700) }, { items: [...all.slice(700), { id: 'ours', type: 'run.started', data: {} }], end: 'limit' }]);
    expect(report).toMatchObject({ events: 1_200, flows: [{ flow: 'release', starts: 1_200 }], changesLeftOut: 200, complete: false });
    expect((report as { changes: unknown[] }).changes).toHaveLength(1_000);
  });

  it('is not made of flows that have faults', async () => {
    await expect(asked('backtest', { files: [{ path: 'a.yaml', text: CONNECTION + flow('release', '(') }] }))
      .rejects.toMatchObject({ status: 422, errors: [{ parameter: 'files', detail: expect.stringMatching(/^a\.yaml:\d+:\d+: /) }] });
  });
});

const file = { path: 'a.yaml', text: CONNECTION };

it.each<[string, unknown, TrialKind, string]>([
  ['no JSON', '{ files', 'lint', 'no JSON'],
  ['a list', [], 'lint', 'must be an object'],
  ['no files', {}, 'lint', 'files must be a list'],
  ['another key', { files: [file], dryRun: true }, 'lint', 'dryRun is not known'],
  ['a file that is none', { files: [{ path: 'a.yaml' }] }, 'test', 'files has something else at 0'],
  ['a file twice', { files: [file, { ...file, path: './a.yaml' }] }, 'lint', 'has "./a.yaml" twice'],
  ['nothing to lint', { files: [{ path: 'a.json', text: '{}' }, { path: '.git/a.yaml', text: CONNECTION }] }, 'lint', 'no *.yaml'],
  ['nothing to test', { files: [file] }, 'test', 'no *.test.yaml'],
  ['too many files', { files: Array.from({ length: 5_001 }, (_, n) => ({ path: `${n}.yaml`, text: '' })) }, 'lint', 'expected at most 5000'],
  ['a time that is none', { files: [file], since: 'soon' }, 'backtest', 'since must be'],
  ['a time behind its end', { files: [file], since: '1h', until: '2h' }, 'backtest', 'since must be a time before until'],
  ['a limit that is none', { files: [file], limit: 0 }, 'backtest', 'limit must be'],
])('%s is refused', async (_what, body, kind, detail) => {
  // At once or later: either is a refusal.
  await expect((async () => asked(kind, body))()).rejects.toMatchObject({ status: 400, message: expect.stringContaining(detail) });
});
