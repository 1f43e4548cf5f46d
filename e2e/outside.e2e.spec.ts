import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForeignGithub } from './harness/foreign-platforms.js';
import { configDir, startStellwerk, stopEverything, type Resource, type RunSeen, type Stellwerk } from './harness/index.js';

const github = new ForeignGithub();
let stellwerk: Stellwerk;

const dispatch = (workflow: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ uses: 'forge/dispatch-workflow', with: { repository: 'acme/ops', workflow: `${workflow}.yml`, ref: 'main', inputs: { sha: '${{ event.sha }}' } }, ...more });

const flow = (name: string, steps: Record<string, unknown>): Resource => ({
  kind: 'Flow', metadata: { name },
  spec: { on: [{ event: 'pipelinerun.finished', from: 'forge', repository: `acme/${name}`, outcome: 'success' }], report: [], steps },
});

const MOODS = ['hasty', 'mute', 'mute-silent', 'strict', 'cut', 'cut-silent', 'closed'];

const connection = (name: string, url: string): Resource => ({
  kind: 'Connection', metadata: { name },
  spec: {
    platform: 'github', url, webhook: { secrets: [{ env: 'FORGE_SECRET' }] }, auth: { token: { env: 'FORGE_TOKEN' } },
    network: { allow: ['127.0.0.0/8'] }, poll: { every: '2s' },
  },
});

beforeAll(async () => {
  const url = await github.listen();
  const config = await configDir([
    connection('forge', url), connection('crowded', url), connection('crowded-date', url),
    ...MOODS.map((mood) => flow(mood, { go: dispatch(mood) })),
    flow('busy', { go: dispatch('busy', { uses: 'crowded/dispatch-workflow' }) }),
    flow('busy-date', { go: dispatch('busy-date', { uses: 'crowded-date/dispatch-workflow' }) }),
    flow('diamond', { top: dispatch('top'), left: dispatch('left', { needs: 'top' }), right: dispatch('right', { needs: ['top'] }), end: dispatch('end', { needs: ['left', 'right'] }) }),
  ]);
  stellwerk = await startStellwerk({ config: config.path, env: { FORGE_SECRET: ForeignGithub.secret, FORGE_TOKEN: 'a foreign token' } });
  github.hookUrl = `${(await stellwerk.ready()).ingressUrl}/hooks/forge`;
});
afterAll(async () => { await stopEverything(); await github.close(); });

const end = (sha: string): Promise<RunSeen> => waitFor(async () => {
  const { items } = await stellwerk.api<{ items: RunSeen[] }>(`/api/runs?sha=${sha}`);
  if (items.length > 1) throw new Error(`${items.length} runs for one commit`);
  return items[0] && ['succeeded', 'failed'].includes(items[0].state) ? items[0] : undefined;
}, { what: `the run of ${sha} to end`, timeoutMs: 90_000, everyMs: 100 });

/** All at once, as they would come; one run each, one trigger each. */
const outcomeOf = async (mood: string): Promise<{ state: string; started: number }> => {
  const { state } = await end(await github.green(mood, 2));
  return { state, started: github.of(`${mood}.yml`).length };
};

describe('a platform with moods has started each workflow once', () => {
  it.concurrent.each([
    ['that tells the end before it has answered, last hook first', 'hasty'],
    ['that answers 204 without a run id', 'mute'],
    ['that answers 204 and sends no hook', 'mute-silent'],
    ['that knows no input for our id', 'strict'],
    ['that accepts and cuts the line', 'cut'],
    ['that accepts, cuts the line and sends no hook', 'cut-silent'],
    ['that has the calls wait, in seconds', 'busy'],
    ['that has the calls wait, by a date', 'busy-date'],
  ])('one %s', async (_what, mood) => {
    expect(await outcomeOf(mood)).toEqual({ state: 'succeeded', started: 1 });
  });

  it('and is not called before the time it named', () => {
    for (const [workflow, atLeastMs] of [['busy.yml', 2_000], ['busy-date.yml', 2_000]] as const) {
      const [first, second, ...more] = github.asked.filter((one) => one.workflow === workflow);
      expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(atLeastMs);
      expect(more).toEqual([]);
    }
  });

  it('and a refusal is not repeated', async () => {
    expect(await outcomeOf('closed')).toEqual({ state: 'failed', started: 0 });
    expect(github.asked.filter(({ workflow }) => workflow === 'closed.yml')).toHaveLength(1);
  });
});

it('five deliveries of one hook are one diamond, whose end waits for both sides', async () => {
  const sha = await github.green('diamond', 5);
  expect((await end(sha)).state).toBe('succeeded');
  const mine = github.runs.filter(({ inputs }) => inputs['sha'] === sha).map(({ workflow }) => workflow);
  expect([...mine].sort()).toEqual(['end.yml', 'left.yml', 'right.yml', 'top.yml']);
  expect([mine[0], mine[3]]).toEqual(['top.yml', 'end.yml']);
});
