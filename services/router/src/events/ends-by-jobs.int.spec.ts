import { readFileSync } from 'node:fs';
import { againId, cloudEvent, platformRunKey, subjects, type PlatformEvent } from '@stellwerk/contracts';
import { gitlabPipelineEvents, hookPlatforms, type TranslatedEvent } from '@stellwerk/platforms';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

// The second trigger matches the end that our `failed` has made of a green pipeline.
const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: each-end }
spec:
  on:
    - { event: pipelinerun.finished, from: gitlab, repository: acme/shop/scan, outcome: success }
    - { event: pipelinerun.finished, from: gitlab, repository: acme/shop/scan }
  report: []
  steps:
    note: { uses: jenkins/start-build, with: { job: note } }
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: line }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;
const CONTEXT = { connection: 'gitlab', platform: 'gitlab', origin: 'https://gitlab.example.com', receivedAt: new Date() } as const;
const GOLDEN = new URL('../../../../libs/platforms/src/gitlab/golden/', import.meta.url);

/** A pipeline: what of its golden hook is another here. */
interface Of {
  id: number;
  /** Its jobs have run again: when they were over, and the pipeline with them. */
  jobs?: string;
  ended?: string;
}

const bodyOf = (name: string, { id, jobs, ended }: Of) => {
  const { body } = JSON.parse(readFileSync(new URL(`${name}.hook.json`, GOLDEN), 'utf8'));
  // Nobody of ours started it.
  Object.assign(body.object_attributes, { id, variables: [] }, ended !== undefined && { finished_at: ended });
  if (jobs !== undefined) for (const job of body.builds) job.finished_at = jobs;
  return body;
};

let deliveries = 0;
const hook = (name: string, of: Of): TranslatedEvent[] =>
  [...hookPlatforms.gitlab!.translate(bodyOf(name, of), { ...CONTEXT, hookId: `gitlab:${(deliveries += 1)}`, headers: {} }).events];
const poll = (name: string, of: Of, { withJobs }: { withJobs: boolean }): TranslatedEvent[] => {
  const { object_attributes: pipeline, builds } = bodyOf(name, of);
  return gitlabPipelineEvents(pipeline, 'acme/shop/scan', CONTEXT, withJobs ? builds : undefined);
};

const first = (of: Of) => hook('pipeline-success', of);
/** What our own statuses make of it. */
const reported = (of: Of) => hook('pipeline-success-after-status', of);
const failed = (of: Of) => hook('pipeline-failed-after-status', of);
const retried = ({ id }: Of) => hook('pipeline-success', { id, jobs: '2026-11-24 08:20:00 UTC', ended: '2026-11-24 08:20:02 UTC' });

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
});

afterAll(() => rig?.stop());

const tell = async ({ id, type, subject, fact, data }: TranslatedEvent): Promise<void> => {
  await rig.publish(subjects.event('gitlab', type), cloudEvent<PlatformEvent>({ id, source: '/connections/gitlab', type, subject, time: new Date(), correlationId: id, causationId: id, fact, data }));
};
const runsOf = async (id: number): Promise<string[]> =>
  (await rig.database.query("SELECT fact FROM runs WHERE flow = 'each-end' AND fact LIKE $1 ORDER BY created_at", [`%/pipelinerun/${id}/%`])).rows.map(({ fact }) => fact);

const isTaken = async ({ id }: TranslatedEvent): Promise<boolean> => (await rig.database.query('SELECT FROM inbox WHERE message_id = $1', [id])).rows.length > 0;

/** Each is handled before the next is told. */
const oneByOne = async (...told: TranslatedEvent[][]): Promise<void> => {
  for (const event of told.flat()) {
    await tell(event);
    await waitFor(() => isTaken(event), { what: `${event.id} to be taken` });
  }
};

let pipelines = 100;
const pipeline = (): Of => ({ id: (pipelines += 1) });

describe('the end of a pipeline, and what a status set on its commit makes of it', () => {
  it('is one run by hooks, whatever the status was and in whichever order they come', async () => {
    const [one, other, red] = [pipeline(), pipeline(), pipeline()];
    await oneByOne(first(one), reported(one), reported(other), first(other), first(red), failed(red));
    for (const { id } of [one, other, red]) expect(await runsOf(id)).toHaveLength(1);
  });

  it('is one run when all of it is told at once, many times', async () => {
    const of = pipeline();
    await Promise.all([first(of), reported(of), failed(of), first(of), poll('pipeline-success', of, { withJobs: true }), reported(of)].flat().map(tell));
    await oneByOne(reported(of));
    await rig.quiet();
    expect(await runsOf(of.id)).toHaveLength(1);
  });

  it('is one run by a hook and a poll that may not see the jobs, in both orders, and the end after our report is none', async () => {
    const [one, other] = [pipeline(), pipeline()];
    await oneByOne(first(one), poll('pipeline-success', one, { withJobs: false }), reported(one));
    await oneByOne(poll('pipeline-success', other, { withJobs: false }), first(other), reported(other));
    for (const { id } of [one, other]) expect(await runsOf(id)).toHaveLength(1);
  });

  it('is one run also where none of its jobs has run', async () => {
    const of = pipeline();
    await oneByOne(hook('pipeline-skipped-all-manual', of), hook('pipeline-skipped-all-manual', { ...of, ended: '2026-11-24 08:05:00 UTC' }));
    expect(await runsOf(of.id)).toHaveLength(1);
  });

  it('is another run when its jobs run again', async () => {
    const of = pipeline();
    await oneByOne(first(of), reported(of), retried(of), retried(of));
    expect(await runsOf(of.id)).toHaveLength(2);
  });

  it('is another run when a person has it replayed so that it starts again', async () => {
    const of = pipeline();
    const [end] = first(of);
    await oneByOne([end!], [{ ...end!, id: againId(end!.id, 7), fact: againId(end!.fact, 7) }], reported(of));
    expect(await runsOf(of.id)).toEqual([end!.fact, againId(end!.fact, 7)]);
  });
});

describe('a step that waits for a pipeline', () => {
  it('ends as the pipeline first did, also when we learn only afterwards that it is ours', async () => {
    await rig.github('1');
    const run = await rig.soleRun('line');
    const sent = await rig.command(`${run}:scan:run:1`);
    const of = pipeline();
    // Both are heard of before the answer that names the pipeline.
    await oneByOne(first(of), failed(of));
    await rig.answer(sent, 'accepted', { platformRun: { id: String(of.id), attempt: 1 }, platformRunKey: platformRunKey(CONTEXT.origin, 'acme/shop/scan', String(of.id)), followed: true });
    expect((await rig.reaches(run, 'succeeded')).steps[0]).toMatchObject({ attempts: [{ number: 1, outcome: 'success' }] });
  });
});
