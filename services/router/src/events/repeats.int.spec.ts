import { platformRunKey, type RepeatedRun } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig, type Sent } from '../../test/router-rig.js';

const flow = (name: string, trigger: string, step: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, outcome: failure, ${trigger} }]
  report: []
  steps:
    again: { uses: ${step} }
`;

const RERUN = 'github/rerun, with: { repository: "${{ event.repository }}", run: "${{ event.run.id }}" }';
const RETRY = 'gitlab/retry, with: { project: any, pipeline: "${{ int(event.run.id) }}" }';

const FLOWS = [
  flow('reruns', 'from: github, repository: acme/reruns', RERUN),
  flow('rounds', 'from: github, repository: acme/rounds, allow-circle: true', RERUN),
  flow('retries', 'from: gitlab, pipeline: one', RETRY),
  flow('left', 'from: gitlab, pipeline: both', RETRY),
  flow('right', 'from: gitlab, pipeline: both', RETRY),
].join('');

const GITHUB = 'https://api.github.com';
const GITLAB = 'https://gitlab.example.com';
const OWN_RESULT = 'was not started again by its own result';

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await Promise.all([rig.start(), rig.start()]);
}, 180_000);

afterAll(() => rig?.stop());

/** The runs of a flow, once there are so many. */
const runsOf = async (name: string, count: number): Promise<string[]> => {
  const runs = await waitFor(async () => { const found = await rig.runs(name); return found.length >= count && found; }, { what: `${count} runs of ${name}`, timeoutMs: 60_000 });
  expect(runs).toHaveLength(count);
  return runs.map(({ id }) => id);
};
const lastOf = async (name: string, count: number): Promise<{ run: string; sent: Sent }> => {
  const run = (await runsOf(name, count)).at(-1)!;
  return { run, sent: await rig.command(`${run}:again:run:1`) };
};
/** Nothing has come of the last event; the flow still has so many runs. */
const still = async (name: string, count: number): Promise<string[]> => {
  await rig.quiet();
  await waitFor(async () => (await rig.database.query('SELECT id FROM held_events')).rows.length === 0, { what: 'held events to be released' });
  await rig.quiet();
  return runsOf(name, count);
};
const reasonOf = async (run: string): Promise<string> => (await rig.snapshots(run)).at(-1)!.reason ?? '';
const held = (): Promise<unknown> => waitFor(async () => (await rig.database.query('SELECT id FROM held_events')).rows.length > 0, { what: 'the event to be held' });

const accepted = (sent: Sent, repeats: RepeatedRun) => rig.answer(sent, 'accepted', { followed: false, repeats });

/** An attempt of a workflow run ends. */
const attemptFails = (id: string, attempt: number, repository = 'acme/reruns') => rig.github(id, { repository, outcome: 'failure', run: { id, attempt }, delivery: `${id}-${attempt}` });
const attempt = (id: string, number: number, repository = 'acme/reruns'): RepeatedRun => ({ key: platformRunKey(GITHUB, repository, id), attempt: number });

describe('a workflow run that is set going again', () => {
  it('does not start its flow again by the attempt that we made, whenever that is heard of, and the run says so; by a person\'s it does', async () => {
    await attemptFails('1', 1);
    const { run, sent } = await lastOf('reruns', 1);
    await accepted(sent, attempt('1', 2));
    await rig.reaches(run, 'succeeded');
    await attemptFails('1', 2);
    await still('reruns', 1);
    expect(await reasonOf(run)).toContain(`flow reruns ${OWN_RESULT}`);
    await attemptFails('1', 3);
    const { run: next, sent: again } = await lastOf('reruns', 2);
    await attemptFails('1', 4);
    await held();
    await accepted(again, attempt('1', 4));
    await still('reruns', 2);
    expect(await reasonOf(next)).toContain(OWN_RESULT);
  }, 120_000);

  it('starts it while allow-circle lets it, until the chain has 20 links', async () => {
    for (let round = 1; round <= 20; round += 1) {
      await attemptFails('2', round, 'acme/rounds');
      await accepted((await lastOf('rounds', round)).sent, attempt('2', round + 1, 'acme/rounds'));
    }
    await attemptFails('2', 21, 'acme/rounds');
    const runs = await still('rounds', 20);
    expect(await reasonOf(runs.at(-1)!)).toContain('the chain has 20 links');
  }, 180_000);
});

describe('a pipeline that is set going again', () => {
  const at = (seconds: number): string => new Date(Date.parse('2026-11-24T08:00:00Z') + seconds * 1_000).toISOString();
  /** Its first job is of the first time: that is when it started, however often it is retried. */
  const fails = (id: string, pipeline: string, end: number) =>
    rig.pipeline(id, 'finished', { attempt: at(end), pipeline, outcome: 'failure', startedAt: at(-60), finishedAt: at(end), jobsFinishedAt: at(end - 1), occurredAt: at(end) });
  const repeats = (id: string, end: number) => ({ key: platformRunKey(GITLAB, 'any', id), after: at(end) });

  it('does not start its flow again by the next end, also when that comes first; by one that a person has led to it does', async () => {
    await fails('11', 'one', 0);
    const { run, sent } = await lastOf('retries', 1);
    await fails('11', 'one', 30);
    await held();
    await accepted(sent, repeats('11', 0));
    await still('retries', 1);
    expect(await reasonOf(run)).toContain(`flow retries ${OWN_RESULT}`);
    await fails('11', 'one', 90);
    const { sent: again } = await lastOf('retries', 2);
    await accepted(again, repeats('11', 90));
    await fails('11', 'one', 120);
    await still('retries', 2);
  }, 120_000);

  it('goes back to both runs that set it going at once: neither flow is started again', async () => {
    await fails('12', 'both', 0);
    const both = [await lastOf('left', 1), await lastOf('right', 1)];
    await Promise.all(both.map(({ sent }) => accepted(sent, repeats('12', 0))));
    await fails('12', 'both', 30);
    await still('left', 1);
    await still('right', 1);
    for (const { run } of both) expect(await reasonOf(run)).toContain(OWN_RESULT);
  }, 120_000);
});

// Last: what a dead router has not acked keeps the broker waiting for it.
describe('a router that dies with the answer', () => {
  it('has noted what it repeats: the end that was held does not start the flow again', async () => {
    const point = 'router.after-commit';
    const before = (await rig.runs('reruns')).length;
    await attemptFails(point, 1);
    const { run, sent } = await lastOf('reruns', before + 1);
    await attemptFails(point, 2);
    await held();
    await rig.stopAll();
    await rig.deserted();
    const doomed = await rig.start(point);
    await accepted(sent, attempt(point, 2));
    expect((await doomed.exited).signal).toBe('SIGKILL');
    await rig.start();
    await waitFor(async () => (await reasonOf(run)).includes(OWN_RESULT), { what: 'the run to say so' });
    await runsOf('reruns', before + 1);
  }, 180_000);
});
