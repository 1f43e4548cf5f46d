import { randomUUID } from 'node:crypto';
import { cloudEvent, type Attempt, type PlatformEvent, type RunSnapshot, type RunState, type StepSnapshot } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRun, next } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';
import type { DoraList, DoraView } from './dora.response.js';

let nats: TestNats;
let rig: StatusRig;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

const DAY = 86_400;
/** A whole second, ten days ago: the times below are seconds after it. */
const BEGIN = Math.floor(Date.now() / 1_000) * 1_000 - 10 * DAY * 1_000;
const at = (seconds: number): string => new Date(BEGIN + seconds * 1_000).toISOString();

const tried = (number: number, outcome: Attempt['outcome'], end: number, some: Partial<Attempt> = {}): Attempt => ({
  number, state: outcome === 'success' ? 'succeeded' : 'failed', outcome, command: `c:${number}`, connection: 'gitlab', run: { id: String(number) }, startedAt: at(end - 1), finishedAt: at(end), ...some,
});

const deploy = (environment: string, state: StepSnapshot['state'], attempts: Attempt[], some: Partial<StepSnapshot> = {}): StepSnapshot => ({
  name: 'deploy', state, needs: [], uses: 'gitlab/trigger-pipeline', environment, attempts, finishedAt: attempts.at(-1)?.finishedAt ?? at(0), ...some,
});

interface Where {
  flow: string;
  sha?: string;
}

/** A run with one step, at one of its versions. */
const runOf = ({ flow, sha = '' }: Where, state: RunState, one: StepSnapshot, some: Partial<RunSnapshot> = {}): RunSnapshot =>
  newRun({ flow, state, event: { id: 'e', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main', sha }, steps: [one], ...some });

const tell = (run: RunSnapshot): Promise<void> => rig.publishRun(`run.${run.state === 'running' ? 'started' : run.state}`, run);

const pushed = (sha: string, data: Partial<PlatformEvent>) => rig.publish('events.github.pipelinerun.finished', cloudEvent<PlatformEvent>({
  id: randomUUID(), source: '/connections/github', type: 'pipelinerun.finished', subject: '7', time: new Date(), correlationId: 'h', causationId: 'h', fact: randomUUID(),
  data: { connection: 'github', platform: 'github', repository: 'acme/shop', run: { id: randomUUID(), attempt: 1 }, outcome: 'success', sha, occurredAt: at(0), ...data },
}));

/** All that was published before it is written down. */
const settled = async (): Promise<void> => {
  const marker = newRun({ flow: 'marker' });
  await tell(marker);
  await waitFor(async () => (await rig.get(`/api/runs/${marker.id}`)).status === 200, { what: 'the run told last' });
};

const dora = async (query: string): Promise<DoraList> => (await rig.get<DoraList>(`/api/metrics/dora?${query}`)).body;
const of = async (flow: string, environment: string): Promise<DoraView | undefined> => (await dora(`flow=${flow}&environment=${environment}`)).items[0];

const NOTHING = {
  deploymentFrequency: { perDay: null, deployments: 0 }, leadTime: { medianSeconds: null, p90Seconds: null, deployments: 0 },
  changeFailureRate: { ratio: null, failed: 0, deployments: 0 }, recoveryTime: { medianSeconds: null, p90Seconds: null, recovered: 0, open: 0 },
  reworkRate: { ratio: null, rework: 0, deployments: 0 },
};

describe('the metrics of DORA', () => {
  it('count deployments that held, failed, were rolled back, retried by hand, and none that did not happen', async () => {
    const flow = `all-${randomUUID().slice(0, 8)}`;
    for (const [sha, seconds] of [['aaa', 0], ['bbb', 1_000]] as const) await pushed(`${sha}${flow}`, { startedAt: at(seconds), occurredAt: at(seconds + 300) });
    const held = runOf({ flow, sha: `aaa${flow}` }, 'running', deploy('production', 'succeeded', [tried(1, 'success', 3_600)]));
    await tell(held);
    await tell(next(held, 'succeeded', { finishedAt: at(3_700) }));
    // Its next step failed: the run rolled it back.
    const undone = runOf({ flow, sha: `bbb${flow}` }, 'running', deploy('production', 'succeeded', [tried(1, 'success', 10_000)]));
    await tell(undone);
    await tell(next(undone, 'rolled-back', { steps: [{ ...undone.steps[0]!, rollback: { state: 'succeeded', attempts: [tried(1, 'success', 10_600)] } }] }));
    // It failed at the platform, and a person had it retried.
    const failed = runOf({ flow, sha: `bbb${flow}` }, 'failed', deploy('production', 'failed', [tried(1, 'failure', 20_000)]), { finishedAt: at(20_001) });
    await tell(failed);
    await tell(next(failed, 'succeeded', {
      attempt: 2, retried: { by: 'anna', at: at(21_000), from: 'failed' }, steps: [deploy('production', 'succeeded', [...failed.steps[0]!.attempts, tried(2, 'success', 21_800)])],
    }));
    await tell(runOf({ flow }, 'cancelled', deploy('production', 'cancelled', [tried(1, 'cancelled', 30_000, { state: 'cancelled' })])));
    await tell(runOf({ flow }, 'failed', deploy('production', 'failed', [tried(1, 'error', 31_000, { run: undefined })])));
    await tell(runOf({ flow }, 'cancelled', deploy('production', 'skipped', [])));
    await settled();
    expect(await of(flow, 'production')).toEqual({
      environment: 'production',
      deploymentFrequency: { perDay: 3 / 30, deployments: 3 },
      // 3,600 from the start of the pipeline of the first commit; 20,800 of the second, which was there before but did not hold.
      leadTime: { medianSeconds: 12_200, p90Seconds: 3_600 + 0.9 * 17_200, deployments: 2 },
      changeFailureRate: { ratio: 0.5, failed: 2, deployments: 4 },
      recoveryTime: { medianSeconds: 1_200, p90Seconds: 600 + 0.9 * 1_200, recovered: 2, open: 0 },
      reworkRate: { ratio: 0.4, rework: 2, deployments: 5 },
    });
  });

  it('of one environment are not those of another; a failure is over with the next good deployment by the same step', async () => {
    const flow = `two-${randomUUID().slice(0, 8)}`;
    await tell(runOf({ flow }, 'failed', deploy('staging', 'failed', [tried(1, 'failure', 100)])));
    await tell(runOf({ flow: `${flow}-other` }, 'succeeded', deploy('staging', 'succeeded', [tried(1, 'success', 200)])));
    await tell(runOf({ flow }, 'rolled-back', deploy('staging', 'succeeded', [tried(1, 'success', 300)], { rollback: { state: 'failed', attempts: [tried(1, 'failure', 310)] } })));
    await tell(runOf({ flow }, 'succeeded', deploy('staging', 'succeeded', [tried(1, 'success', 400)])));
    await tell(runOf({ flow }, 'failed', deploy('production', 'failed', [tried(1, 'timeout', 500)])));
    await settled();
    const { items } = await dora(`flow=${flow}`);
    expect(items.map(({ environment }) => environment)).toEqual(['production', 'quiet', 'staging']);
    expect(items[0]).toMatchObject({ deploymentFrequency: { perDay: 0, deployments: 0 }, changeFailureRate: { ratio: 1 }, recoveryTime: { medianSeconds: null, recovered: 0, open: 1 } });
    expect(items[1]).toEqual({ environment: 'quiet', ...NOTHING });
    expect(items[2]).toMatchObject({
      deploymentFrequency: { deployments: 2 }, leadTime: NOTHING.leadTime, changeFailureRate: { failed: 2, deployments: 3 },
      recoveryTime: { medianSeconds: 200, p90Seconds: 280, recovered: 2, open: 0 }, reworkRate: { rework: 0, deployments: 3 },
    });
  });

  it('count a deployment once, however often and in whatever order its versions are told', async () => {
    const flow = `again-${randomUUID().slice(0, 8)}`;
    const deployed = runOf({ flow }, 'running', deploy('production', 'succeeded', [tried(1, 'success', 100)]));
    const rolling = next(deployed, 'rolling-back', { steps: [{ ...deployed.steps[0]!, rollback: { state: 'running', attempts: [tried(1, undefined, 150, { state: 'running', finishedAt: undefined })] } }] });
    const ended = next(rolling, 'rolled-back', { steps: [{ ...deployed.steps[0]!, rollback: { state: 'succeeded', attempts: [tried(1, 'success', 160)] } }] });
    for (const version of [ended, deployed, rolling, ended, rolling]) {
      await tell(version);
      // Each in a group of its own, so that the database alone decides which is the newest.
      await settled();
    }
    expect(await of(flow, 'production')).toMatchObject({
      deploymentFrequency: { deployments: 1 }, changeFailureRate: { failed: 1, deployments: 1 }, recoveryTime: { medianSeconds: 60, recovered: 1, open: 0 }, reworkRate: { ratio: 0.5, rework: 1 },
    });
  });

  it('take a commit once: deployed again it is no change that took as long as since then', async () => {
    const [flow, sha] = [`once-${randomUUID().slice(0, 8)}`, randomUUID()];
    // A start that is no time does not count; the event's own does.
    await pushed(sha, { startedAt: undefined, occurredAt: at(50) });
    for (const end of [100, 90_000]) {
      await tell(runOf({ flow, sha }, 'succeeded', deploy('production', 'succeeded', [tried(1, 'success', end)])));
      await settled();
    }
    expect(await of(flow, 'production')).toMatchObject({ deploymentFrequency: { deployments: 2 }, leadTime: { medianSeconds: 50, deployments: 1 } });
  });

  it('know of a commit also when its events are written down behind its deployment', async () => {
    const [flow, sha] = [`late-${randomUUID().slice(0, 8)}`, randomUUID()];
    const deployed = runOf({ flow, sha }, 'running', deploy('production', 'succeeded', [tried(1, 'success', 100)]));
    await tell(deployed);
    await settled();
    expect((await of(flow, 'production'))!.leadTime).toEqual(NOTHING.leadTime);
    await pushed(sha, { occurredAt: at(70) });
    await settled();
    await tell(next(deployed, 'succeeded', { finishedAt: at(110) }));
    await settled();
    expect((await of(flow, 'production'))!.leadTime).toEqual({ medianSeconds: 30, p90Seconds: 30, deployments: 1 });
  });

  it('are of the time and repository that are asked for', async () => {
    const flow = `when-${randomUUID().slice(0, 8)}`;
    await tell(runOf({ flow }, 'succeeded', deploy('production', 'succeeded', [tried(1, 'success', 100)])));
    await tell(runOf({ flow }, 'succeeded', deploy('production', 'succeeded', [tried(1, 'success', 2 * DAY)])));
    await settled();
    const count = async (query: string) => (await dora(`flow=${flow}&environment=production&${query}`)).items[0]?.deploymentFrequency;
    expect(await count(`since=${at(0)}&until=${at(DAY)}`)).toEqual({ perDay: 1, deployments: 1 });
    expect(await count(`since=${at(100)}&until=${at(2 * DAY)}`)).toMatchObject({ deployments: 1 });
    expect(await count('since=1h')).toBeUndefined();
    expect(await count('repository=acme/shop')).toMatchObject({ deployments: 2 });
    expect(await count('repository=acme/other')).toBeUndefined();
  });

  it.each(['since=soon', 'since=1d&until=2d', 'since=400d', 'environment=a&environment=b'])('are not to be had for %s', async (query) => {
    const { status, type } = await rig.get(`/api/metrics/dora?${query}`);
    expect([status, type.split(';')[0]]).toEqual([400, 'application/problem+json']);
  });
});
