import { platformRunKey, type Outcome } from '@stellwerk/contracts';
import { advance, parseResources, snapshotOf, startRun, type EnvironmentHistory, type Plan, type PlanFacts, type PlanInput } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { expect, it } from 'vitest';
import { deploymentsOf, newestOfEach, type Deployment } from './deployments-of.js';

const FLOW = `kind: Connection
metadata: { name: jenkins }
spec: { platform: jenkins, url: "https://ci.example.com", auth: { user: u, token: { env: T } } }
---
kind: Environment
metadata: { name: production }
spec: { branches: [main] }
---
kind: Flow
metadata: { name: release }
spec:
  on: [{ event: pipelinerun.finished }]
  steps:
    deploy: { environment: production, uses: jenkins/start-build, with: { job: deploy }, rollback: { uses: jenkins/start-build, with: { job: undeploy } } }
    smoke: { needs: [deploy], uses: jenkins/start-build, with: { job: smoke } }
  on-failure: rollback
`;
const { resources: { flows: { release: flow } } } = parseResources([{ path: 'a.yaml', text: FLOW }], (platform) => actionCatalog[platform]);

const LAST_GOOD: EnvironmentHistory = { lastGood: { run: { id: 'before' }, event: {}, env: {}, deployedAt: '2026-01-01T00:00:00.000Z' } };

/** A run as the router plans it, and what status makes of everything that it tells. */
const planned = (history: EnvironmentHistory = LAST_GOOD) => {
  let now = Date.parse('2026-02-01T10:00:00Z');
  const facts = (): PlanFacts => ({ now: new Date(now += 1_000), random: () => 0.5, runUrl: 'https://stellwerk.invalid', environments: {}, ledger: { production: history } });
  const event = { id: 'e', type: 'pipelinerun.finished', fact: 'f', connection: 'jenkins', platform: 'jenkins', repository: 'shop', sha: 'abc', branch: 'main', occurredAt: '2026-02-01T09:00:00Z' } as const;
  let plan: Plan = startRun({ id: 'r', flow: flow!, trigger: flow!.on[0]!, event, connections: { jenkins: 'jenkins' }, reportTo: [], chain: { links: 0, flows: [] } }, facts());
  const told: Deployment[] = [];
  const feed = (input: PlanInput): void => {
    plan = advance(plan.run, flow!, [input], facts());
    told.push(...deploymentsOf(snapshotOf(plan.run, flow!)));
  };
  /** Carries out the next command, and gives what it was for. */
  const end = (outcome: Outcome): string => {
    const sent = plan.effects.find((effect) => effect.kind === 'command' && effect.command.purpose !== 'report');
    if (sent?.kind !== 'command') throw new Error(`nothing is to be carried out: the run is ${plan.run.state}`);
    const key = platformRunKey('https://ci.example.com', 'shop', sent.id);
    feed({ kind: 'accepted', result: { command: sent.id, platformRun: { id: sent.id, attempt: 1 }, platformRunKey: key, followed: true } });
    feed({ kind: 'platform-run', state: { key, predicate: 'finished', attempt: 1, at: new Date(now).toISOString(), outcome } });
    return `${sent.command.step}:${sent.command.purpose}`;
  };
  return { feed, end, state: () => plan.run.state, deployments: () => newestOfEach(told).map(({ number, state, again, undone, restored_at }) => ({ number, state, again, undone, restored: restored_at !== undefined })) };
};

it('what is rolled back as something behind it failed is one deployment that was undone; retried, another one that held', () => {
  const run = planned();
  expect([run.end('success'), run.end('failure'), run.end('success'), run.state()]).toEqual(['deploy:run', 'smoke:run', 'deploy:rollback', 'rolled-back']);
  const undone = { number: 1, state: 'succeeded', again: false, undone: true, restored: true };
  expect(run.deployments()).toEqual([undone]);
  run.feed({ kind: 'retry', by: 'anna' });
  expect([run.end('success'), run.end('success'), run.state()]).toEqual(['deploy:run', 'smoke:run', 'succeeded']);
  expect(run.deployments()).toEqual([undone, { number: 2, state: 'succeeded', again: true, undone: false, restored: false }]);
});

it('one that failed and was undone stays a failure when the run is retried', () => {
  const run = planned();
  expect([run.end('failure'), run.end('success'), run.state()]).toEqual(['deploy:run', 'deploy:rollback', 'rolled-back']);
  run.feed({ kind: 'retry', by: 'anna' });
  run.end('success');
  expect(run.deployments()).toEqual([{ number: 1, state: 'failed', again: false, undone: true, restored: true }, { number: 2, state: 'succeeded', again: true, undone: false, restored: false }]);
});

it('one that a newer run took the place of before it could be undone did not fail', () => {
  const run = planned({ ...LAST_GOOD, latest: { run: 'newer', at: '2026-02-02T00:00:00.000Z' } });
  expect([run.end('success'), run.end('failure'), run.state()]).toEqual(['deploy:run', 'smoke:run', 'failed']);
  expect(run.deployments()).toEqual([{ number: 1, state: 'succeeded', again: false, undone: false, restored: false }]);
});

it('one that a person orders undone after the end is a failure from then on', () => {
  const run = planned();
  expect([run.end('success'), run.end('success'), run.state()]).toEqual(['deploy:run', 'smoke:run', 'succeeded']);
  expect(run.deployments()).toMatchObject([{ undone: false }]);
  run.feed({ kind: 'rollback', by: 'anna' });
  expect([run.end('success'), run.state()]).toEqual(['deploy:rollback', 'rolled-back']);
  expect(run.deployments()).toEqual([{ number: 1, state: 'succeeded', again: false, undone: true, restored: true }]);
});
