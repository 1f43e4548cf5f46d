import { waitFor } from '@stellwerk/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { stopEverything, type Resource } from './harness/index.js';
import { OUT_SECRET, TinyWorld } from './harness/tiny/world.js';

const on = (repository: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  ({ event: 'pipelinerun.finished', from: 'gh-main', repository, pipeline: 'build.yml', branches: ['main', 'release/**', '!release/old'], outcome: 'success', ...more });

const flow = (name: string, spec: Record<string, unknown>): Resource => ({ kind: 'Flow', metadata: { name }, spec });

const scan = (more: Record<string, unknown> = {}) =>
  ({ uses: 'gl/trigger-pipeline', with: { project: 'org/sub/scanner', ref: '${{ event.branch }}', variables: { SHA: '${{ event.sha }}' } }, ...more });

const ship = (version: string) =>
  ({ uses: 'gh-main/dispatch-workflow', with: { repository: 'org/app', workflow: 'ship.yml', ref: 'main', inputs: { version } } });

const FLOWS: Resource[] = [
  { kind: 'Environment', metadata: { name: 'prod' }, spec: { branches: ['main'] } },
  flow('line', {
    on: on('org/app'),
    env: { version: '${{ event.sha }}' },
    steps: {
      scan: scan(),
      test: { needs: 'scan', uses: 'ci/start-build', with: { job: 'apps/shop', parameters: { SHA: '${{ event.sha }}' } } },
      ship: { needs: ['test'], environment: 'prod', ...ship('${{ env.version }}'), rollback: ship('${{ environment.lastGood.env.version }}') },
    },
    'on-failure': 'rollback',
    notify: [{ channel: 'team', on: ['succeeded', 'failed', 'recovered', 'rolled-back'] }, { channel: 'machines', on: ['succeeded', 'failed', 'rolled-back'] }],
  }),
  flow('again', { on: on('org/again'), report: [], steps: { scan: scan({ retry: { attempts: 2, on: ['failure'], backoff: '500ms' } }) } }),
  flow('once', {
    on: on('org/once'), report: [],
    steps: {
      scan: scan(),
      tidy: { needs: 'scan', if: 'failure()', uses: 'ci/start-build', with: { job: 'apps/tidy', parameters: { SHA: '${{ event.sha }}' } } },
      never: { needs: 'scan', uses: 'ci/start-build', with: { job: 'apps/never' } },
    },
  }),
  flow('asks', {
    on: on('org/asks'), report: [],
    steps: { ask: { approve: { by: 'alice', within: '1h' } }, scan: scan({ needs: 'ask' }) },
    notify: { channel: 'team', on: ['approval', 'waiting'] },
  }),
  flow('slow', { on: on('org/slow'), report: [], steps: { scan: scan({ timeout: '2s' }) } }),
];

const world = new TinyWorld();

beforeAll(() => world.start(FLOWS));
afterAll(async () => { await stopEverything(); await world.close(); });

const stepStates = (run: { steps: { name: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(run.steps.map(({ name, state }) => [name, state]));

const versions = (): string[] => world.github.server.posts(/ship\.yml\/dispatches$/)
  .map(({ text }) => (JSON.parse(text) as { inputs: { version: string } }).inputs.version);

const said = (sha: string, path: string): string[] => world.people.posts(new RegExp(`^/${path}$`)).map(({ text }) => text).filter((text) => text.includes(sha.slice(0, 7)));

describe('the door', () => {
  const body = Buffer.from('{"zen":"x"}');
  const post = (url: string, headers: Record<string, string>, bytes: Buffer = body): Promise<number> =>
    fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) }).then(({ status }) => status);

  it('answers each fault as it should, and takes what it does not know', async () => {
    const json = { 'content-type': 'application/json' };
    const signed = { ...json, 'x-hub-signature-256': world.github.sign(body.toString()), 'x-github-event': 'ping', 'x-github-delivery': randomUUID() };
    expect(await post(world.door('nobody'), signed)).toBe(404);
    expect(await post(world.door('mute'), signed)).toBe(404);
    expect(await post(world.door('gh-main'), json, Buffer.alloc(27 * 1024 * 1024, 32))).toBe(413);
    expect(await post(world.door('gh-main'), { ...signed, 'content-type': 'text/plain' })).toBe(415);
    expect(await post(world.door('gh-main'), { ...signed, 'content-encoding': 'gzip' })).toBe(415);
    expect(await post(world.door('gh-main'), { ...signed, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).toBe(401);
    expect(await post(world.door('gh-main'), json)).toBe(401);
    const broken = Buffer.from('{"zen":');
    expect(await post(world.door('gh-main'), { ...signed, 'x-hub-signature-256': world.github.sign(broken.toString()) }, broken)).toBe(400);
    expect(await post(world.door('gh-main'), signed)).toBe(202);
    expect((await world.github.hook('never_heard_of', { a: 1 })).status).toBe(202);
    expect(await post(world.door('gl'), { ...json, 'x-gitlab-token': 'wrong', 'x-gitlab-event': 'Pipeline Hook' })).toBe(401);
    expect(await post(world.door('ci', '?token=wrong'), json)).toBe(401);
  });

  it('starts one run for five times the same delivery', async () => {
    const sha = randomBytes(20).toString('hex');
    const payload = world.github.ended({ repository: 'org/again', branch: 'main', sha });
    const delivery = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.github.hook('workflow_run', payload, {}, delivery)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await world.end(sha)).state).toBe('succeeded');
    expect(world.gitlab.server.posts(/\/pipeline$/).filter(({ text }) => text.includes(sha))).toHaveLength(1);
  });
});

describe('a flow of one’s own', () => {
  it('with nothing good before, a failing deployment has nothing to return to, and says so', async () => {
    world.github.conclusions.push('failure');
    const sha = await world.ended({ repository: 'org/app', branch: 'main' });
    const run = await world.end(sha);
    expect(run).toMatchObject({ state: 'failed', reason: expect.stringContaining('nothing to return to') });
    expect(versions()).toEqual([sha]);
  });

  it('goes over three platforms, tells people once, and signs what it tells machines', async () => {
    const sha = await world.ended({ repository: 'org/app', branch: 'main' });
    const run = await world.end(sha);
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(run.steps.map(({ attempts }) => attempts[0]!.run!.url!.startsWith('http'))).toEqual([true, true, true]);
    await waitFor(() => said(sha, 'slack').length > 0 && world.people.posts(/^\/signed$/).some(({ text }) => text.includes(sha)), { what: 'people and machines to hear of it' });
    expect(said(sha, 'slack')).toHaveLength(1);
    const [call] = world.people.posts(/^\/signed$/).filter(({ text }) => text.includes(sha));
    expect(new Webhook(OUT_SECRET).verify(call!.text, call!.headers)).toMatchObject({ type: expect.any(String), data: expect.any(Object) });
    const statuses = () => world.github.server.posts(new RegExp(`/statuses/${sha}$`)).map(({ text }) => (JSON.parse(text) as { state: string }).state);
    // People may hear of the end before the commit does.
    await waitFor(() => statuses().length >= 2, { what: 'the end on the commit' });
    expect(statuses()).toEqual(['pending', 'success']);
  });

  it('a failing deployment goes back to the last good version', async () => {
    const good = versions().at(-1)!;
    world.github.conclusions.push('failure');
    const sha = await world.ended({ repository: 'org/app', branch: 'main' });
    expect((await world.end(sha)).state).toBe('rolled-back');
    expect(versions().slice(-2)).toEqual([sha, good]);
  });

  it('an environment refuses other branches', async () => {
    const before = versions().length;
    const run = await world.end(await world.ended({ repository: 'org/app', branch: 'release/2.0' }));
    expect(stepStates(run)).toEqual({ scan: 'succeeded', test: 'succeeded', ship: 'failed' });
    expect(JSON.stringify(run)).toContain('release/2.0');
    expect(versions()).toHaveLength(before);
  });

  it('starts nothing for another branch, outcome, repository, pipeline or a fork', async () => {
    const app = { repository: 'org/app', branch: 'main' };
    const none = await Promise.all([
      world.ended({ ...app, branch: 'feature/x' }), world.ended({ ...app, branch: 'release/old' }), world.ended({ ...app, conclusion: 'failure' }),
      world.ended({ ...app, repository: 'org/other' }), world.ended({ ...app, file: 'lint.yml', name: 'Lint' }), world.ended({ ...app, fork: 'stranger/app' }),
    ]);
    const last = await world.ended({ repository: 'org/again', branch: 'main' });
    await world.end(last);
    for (const sha of none) expect(await world.runsOf(sha)).toEqual([]);
  });

  it('repeats a failing pipeline as often as told', async () => {
    world.gitlab.ends.push('failed', 'success');
    const run = await world.end(await world.ended({ repository: 'org/again', branch: 'main' }));
    expect(run.state).toBe('succeeded');
    expect(run.steps[0]!.attempts).toMatchObject([{ number: 1, state: 'failed' }, { number: 2, state: 'succeeded' }]);
  });

  it('without retry a failing pipeline ends the run, and only what asked for it still starts', async () => {
    world.gitlab.ends.push('failed');
    const run = await world.end(await world.ended({ repository: 'org/once', branch: 'main' }));
    expect(run.state).toBe('failed');
    expect(stepStates(run)).toEqual({ scan: 'failed', tidy: 'succeeded', never: 'skipped' });
  });

  it('asks people, once, and goes on when they have approved', async () => {
    const sha = await world.ended({ repository: 'org/asks', branch: 'main' });
    const asked = await waitFor(async () => {
      const { items } = await world.stellwerk.api<{ items: { id: string; flow: string }[] }>('/api/approvals?state=requested');
      return items.find(({ flow: name }) => name === 'asks');
    }, { what: 'the approval' });
    await waitFor(() => said(sha, 'slack').length > 0, { what: 'people to hear of it' });
    expect(await world.stellwerk.order(`/api/approvals/${encodeURIComponent(asked.id)}`, { decision: 'approve', comment: 'go' })).toBe(202);
    expect(await world.end(sha)).toMatchObject({ state: 'succeeded', steps: [{ approval: { state: 'approved', votes: [{ by: 'local', comment: 'go' }] } }, { state: 'succeeded' }] });
    expect(await world.stellwerk.order(`/api/approvals/${encodeURIComponent(asked.id)}`, { decision: 'deny' })).toBe(409);
    expect(said(sha, 'slack')).toHaveLength(1);
    expect(said(sha, 'slack')[0]).toContain('needs approval by alice');
  });

  it('an attempt that takes too long is cancelled at its platform', async () => {
    world.gitlab.ends.push('never');
    const run = await world.end(await world.ended({ repository: 'org/slow', branch: 'main' }));
    expect(run).toMatchObject({ state: 'failed', steps: [{ outcome: 'timeout' }] });
    await waitFor(() => [...world.gitlab.pipelines.values()].at(-1)!.status === 'canceled', { what: 'the pipeline to be cancelled' });
  });

  it('hooks that never come cost seconds, not the run', async () => {
    const urls = [world.github.hookUrl, world.gitlab.hookUrl, world.jenkins.hookUrl] as const;
    const sha = await world.ended({ repository: 'org/app', branch: 'main' });
    world.github.hookUrl = world.gitlab.hookUrl = world.jenkins.hookUrl = undefined;
    try {
      expect((await world.end(sha)).state).toBe('succeeded');
    } finally {
      [world.github.hookUrl, world.gitlab.hookUrl, world.jenkins.hookUrl] = urls;
    }
  });

  it('a platform that answers 500 or cuts the line, then works, has started one pipeline', async () => {
    world.gitlab.server.answerInstead('POST', /\/pipeline$/, { status: 500, body: { message: 'oops' } }, { status: 0, cut: true });
    const both = await Promise.all([world.ended({ repository: 'org/again', branch: 'main' }), world.ended({ repository: 'org/once', branch: 'main' })]);
    for (const sha of both) {
      expect((await world.end(sha, 150_000)).state).toBe('succeeded');
      expect([...world.gitlab.pipelines.values()].filter(({ variables }) => variables.some(({ value }) => value === sha))).toHaveLength(1);
    }
  });
});

describe('a broken edit of the config directory', () => {
  const refusals = (): string[] => world.stellwerk.output.lines.filter((line) => line.includes('broken.yaml:'));
  const metrics = async (service: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${world.stellwerk.process(service).managementPort}/metrics`)).text();
  const inForce = async () => (await world.stellwerk.api<{ config: { revision: string; faults: string[]; services: { revisions: string[] }[] } }>('/api/flows')).config;

  it('takes nothing away: who is killed meanwhile comes back with the last valid flows, and the mended ones are in force everywhere', async () => {
    const { revision } = await inForce();
    world.config.putText('broken.yaml', 'kind: Flow\nmetadata: { name: UPPER }\n');
    await waitFor(() => refusals().length > 0, { what: 'the terminal to show the fault' });
    await Promise.all(['router', 'ingress', 'status', 'gitlab-connector'].map((service) => world.stellwerk.kill(service)));
    expect((await world.end(await world.ended({ repository: 'org/again', branch: 'main' }))).state).toBe('succeeded');
    expect(await inForce()).toMatchObject({ revision, faults: expect.arrayContaining([expect.stringMatching(/broken\.yaml:2:19: expected a name/)]) });
    expect(await metrics('router')).toContain('stellwerk_router_config_refused 1');
    expect(new Set(refusals()).size).toBe(refusals().length);

    world.config.putText('broken.yaml', stringify(flow('mended', { on: on('org/mended'), report: [], steps: { scan: scan() } })));
    const [, mended] = /config in force: 6 flows, revision (\S+)/.exec(await world.stellwerk.output.line(/config in force: /, 60_000))!;
    // Each service takes the files up by itself.
    const after = await waitFor(async () => {
      const now = await inForce();
      return now.revision === mended && now.services.every(({ revisions }) => revisions.length === 1 && revisions[0] === mended) && now;
    }, { what: `all services to agree on ${mended}`, timeoutMs: 60_000 });
    expect(after.faults).toEqual([]);
    expect((await world.end(await world.ended({ repository: 'org/mended', branch: 'main' }))).state).toBe('succeeded');
  });
});
