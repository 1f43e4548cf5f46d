import { readFileSync } from 'node:fs';
import { cloudEvent, subjects, type CloudEvent, type PlatformEvent } from '@stellwerk/contracts';
import { hookPlatforms, jenkinsBuildEvents, type TranslatedEvent } from '@stellwerk/platforms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: after-e2e }
spec:
  on: [{ event: pipelinerun.finished, from: jenkins, repository: shop/e2e, outcome: success }]
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: acme/scan, ref: main } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: with-e2e }
spec:
  on: [{ event: pipelinerun.started, from: jenkins, repository: shop/e2e }]
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: acme/scan, ref: main } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: last }
spec:
  on: [{ event: pipelinerun.finished, from: jenkins, repository: shop/last }]
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: acme/scan, ref: main } }
`;
const CONTEXT = { connection: 'jenkins', platform: 'jenkins', origin: 'https://ci.example.com/jenkins', receivedAt: new Date() } as const;
const GOLDEN = new URL('../../../../libs/platforms/src/jenkins/golden/', import.meta.url);

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
});

afterAll(() => rig?.stop());

/** What the notification plugin says, less the id of a command of ours. */
const hooked = (name: string): TranslatedEvent[] => {
  const { body, headers } = JSON.parse(readFileSync(new URL(`${name}.hook.json`, GOLDEN), 'utf8'));
  delete body.build.parameters;
  return [...hookPlatforms.jenkins!.translate(body, { ...CONTEXT, hookId: `jenkins:${name}`, headers }).events];
};

const polled = (build: Record<string, unknown>, job = 'shop/e2e'): TranslatedEvent[] =>
  jenkinsBuildEvents({ number: 42, url: 'https://ci.example.com/jenkins/job/shop/job/e2e/42/', timestamp: 1_795_507_200_000, duration: 90_500, ...build }, job, CONTEXT);

const tell = async ({ id, type, subject, fact, data }: TranslatedEvent): Promise<void> => {
  const event: CloudEvent<PlatformEvent> = cloudEvent({ id, source: '/connections/jenkins', type, subject, time: new Date(), correlationId: id, causationId: id, fact, data });
  await rig.publish(subjects.event('jenkins', type), event);
};

describe('a build that hooks and looks both tell', () => {
  it('starts each flow once: QUEUED, STARTED, COMPLETED, FINALIZED, and what a look saw before, between and after', async () => {
    const running = { building: true, result: null };
    const over = { building: false, result: 'SUCCESS' };
    const told = [
      ...polled(running), ...hooked('queued'), ...hooked('started'), ...polled(running), ...hooked('completed-success'), ...polled(over), ...hooked('finalized-success'), ...polled(over),
    ];
    expect(told).toHaveLength(8);
    expect(new Set(told.map(({ fact }) => fact)).size).toBe(2);
    // At once, as racing replicas take them.
    await Promise.all(told.map(tell));
    await Promise.all(polled(over, 'shop/last').map(tell));
    await rig.soleRun('last');
    await rig.quiet();
    expect(await rig.runs('with-e2e')).toHaveLength(1);
    expect(await rig.runs('after-e2e')).toHaveLength(1);
  });
});
