import { waitFor } from '@stellwerk/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopEverything, type Resource, type RunSeen } from './harness/index.js';
import { TinyWorld } from './harness/tiny/world.js';

const PROCESSES = [
  'ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'webhook-connector', 'status', 'notifier', 'nats', 'postgres',
];
const LIMIT = 300_000;
const FINAL = ['succeeded', 'failed', 'cancelled', 'rolled-back'];

const green = (repository: string): Record<string, unknown> => ({ event: 'pipelinerun.finished', from: 'gh-main', repository, outcome: 'success' });
const flow = (name: string, spec: Record<string, unknown>): Resource => ({ kind: 'Flow', metadata: { name }, spec: { report: [], ...spec } });
const ship = (version: string) =>
  ({ uses: 'gh-main/dispatch-workflow', with: { repository: 'org/ship', workflow: 'ship.yml', ref: 'main', inputs: { version } } });

const FLOWS: Resource[] = [
  { kind: 'Environment', metadata: { name: 'prod' }, spec: { concurrency: 1 } },
  flow('gates', {
    on: [{ all: { left: green('org/left'), right: green('org/right') }, key: '${{ event.sha }}', within: '30m' }],
    steps: {
      signal: { wait: { ...green('org/signal'), key: '${{ event.sha }}', within: '1h' } },
      ask: { needs: 'signal', approve: { by: 'alice', within: '1h' } },
      scan: { needs: 'ask', uses: 'gl/trigger-pipeline', with: { project: 'org/scan', ref: 'main', variables: { SHA: '${{ events.left.sha }}' } } },
    },
    notify: [{ channel: 'team', on: ['approval', 'succeeded'] }],
  }),
  flow('line', {
    on: [green('org/ship-it')],
    concurrency: { group: 'line', limit: 1, 'when-full': 'queue' },
    env: { version: '${{ event.sha }}' },
    steps: {
      deploy: { environment: 'prod', ...ship('${{ env.version }}'), rollback: ship('${{ environment.lastGood.env.version }}') },
      smoke: { needs: 'deploy', uses: 'ci/start-build', with: { job: 'apps/smoke', parameters: { SHA: '${{ event.sha }}' } } },
    },
    'on-failure': 'rollback',
    notify: [{ channel: 'team', on: ['rolled-back'] }],
  }),
];

const world = new TinyWorld();

beforeAll(() => world.start(FLOWS));
afterAll(async () => { await stopEverything(); await world.close(); });

const newSha = (): string => randomBytes(20).toString('hex');

/** A green run of that repository, sent until the door takes it; each try is the same delivery. */
const tell = async (repository: string, sha: string): Promise<void> => {
  const payload = world.github.ended({ repository, branch: 'main', sha });
  const delivery = randomUUID();
  await waitFor(async () => (await world.github.hook('workflow_run', payload, {}, delivery).catch(() => undefined))?.status === 202,
    { what: `the door to take ${repository}`, timeoutMs: 60_000 });
};

/** The commit's only run, when this is true of it; services may be away in between. */
const until = async (sha: string, what: string, check: (run: RunSeen) => boolean): Promise<RunSeen> => {
  let seen: unknown;
  return waitFor(async () => {
    const runs = await world.runsOf(sha).catch((error: unknown) => void (seen = error));
    if (runs) seen = runs;
    if (runs && runs.length > 1) throw new Error(`${runs.length} runs for ${sha}`);
    return runs?.[0] && check(runs[0]) ? runs[0] : undefined;
  }, { what: `the run of ${sha} to be ${what}`, timeoutMs: 90_000, everyMs: 100 })
    .catch((cause: unknown) => { throw new Error(`${(cause as Error).message}; last seen: ${seen instanceof Error ? seen.message : JSON.stringify(seen)}`, { cause }); });
};

const stateOf = (run: RunSeen, step: string): string | undefined => run.steps.find(({ name }) => name === step)?.state;
const told = (sha: string): number => world.people.posts(/^\/slack$/).filter(({ text }) => text.includes(sha.slice(0, 7))).length;

/** Every process of ours once, each in the middle of this for its own journey. */
const killEach = async (journeys: Map<string, string>, move: (sha: string) => Promise<void>): Promise<void> => {
  for (const [name, sha] of journeys) {
    const killed = world.stellwerk.kill(name);
    await Promise.all([killed, move(sha)]);
  }
};

const approve = async (sha: string): Promise<void> => {
  await waitFor(async () => {
    const { items } = await world.stellwerk.api<{ items: { id: string; run: string }[] }>('/api/approvals?state=requested&limit=100');
    const [run] = await world.runsOf(sha);
    const asked = items.find((one) => run !== undefined && one.id.startsWith(run.id));
    if (!asked) return run !== undefined && stateOf(run, 'ask') === 'succeeded';
    const answer = await world.stellwerk.order(`/api/approvals/${encodeURIComponent(asked.id)}`, { decision: 'approve' });
    return answer === 202 || answer === 409;
  }, { what: `the vote on ${sha} to be taken`, timeoutMs: 60_000 });
};

describe('joins, waits and approvals survive a kill of every process', () => {
  const journeys = new Map(PROCESSES.map((name) => [name, newSha()]));

  it('while a join has one part and the other comes', async () => {
    for (const sha of journeys.values()) await tell('org/left', sha);
    await killEach(journeys, (sha) => tell('org/right', sha));
    for (const sha of journeys.values()) await until(sha, 'waiting for its signal', (run) => run.state === 'waiting' && stateOf(run, 'signal') === 'waiting');
  }, LIMIT);

  it('while a step waits for an event and it comes', async () => {
    await killEach(journeys, (sha) => tell('org/signal', sha));
    for (const sha of journeys.values()) await until(sha, 'waiting for approval', (run) => run.state === 'waiting' && stateOf(run, 'ask') === 'waiting');
  }, LIMIT);

  it('while people are asked and vote', async () => {
    await killEach(journeys, approve);
    for (const sha of journeys.values()) expect(await until(sha, 'at its end', ({ state }) => FINAL.includes(state))).toMatchObject({ state: 'succeeded' });
  }, LIMIT);

  it('each started one pipeline, and people were asked and told at most once', async () => {
    for (const [name, sha] of journeys) {
      const started = [...world.gitlab.pipelines.values()].filter(({ variables }) => variables.some(({ value }) => value === sha));
      expect([name, started.length]).toEqual([name, 1]);
      expect([name, told(sha) <= 2]).toEqual([name, true]);
    }
  });
});

describe('places and rollbacks survive a kill of every process', () => {
  const versions = (): string[] => world.github.server.posts(/ship\.yml\/dispatches$/).map(({ text }) => (JSON.parse(text) as { inputs: { version: string } }).inputs.version);

  it('one after the other in the line, each deployment is taken back once', async () => {
    const good = newSha();
    await tell('org/ship-it', good);
    expect(await until(good, 'at its end', ({ state }) => FINAL.includes(state))).toMatchObject({ state: 'succeeded' });

    world.jenkins.results.push(...PROCESSES.map(() => 'FAILURE'));
    const shas = PROCESSES.map(newSha);
    for (const sha of shas) await tell('org/ship-it', sha);
    for (const [index, name] of PROCESSES.entries()) {
      const sha = shas[index]!;
      // Half are killed while they go back, half as soon as they have the place: all moments between come by the way.
      await until(sha, 'at work', ({ state }) => FINAL.includes(state) || (index % 2 === 0 ? state === 'rolling-back' : state === 'running'));
      await world.stellwerk.kill(name);
      expect(await until(sha, 'at its end', ({ state }) => FINAL.includes(state))).toMatchObject({ state: 'rolled-back' });
    }
    expect(versions()).toEqual([good, ...shas.flatMap((sha) => [sha, good])]);
  }, LIMIT);
});
