import { readFileSync } from 'node:fs';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startJobsRig, type JobsRig } from '../../spec/jobs-rig.js';

const STARTS = 300_000;
const CASES = ['before', 'in', 'after', 'stop'];
const both = (number: number): string[] => [`${number} started`, `${number} finished`];

let jobs: JobsRig;

beforeAll(async () => {
  jobs = await startJobsRig(Object.fromEntries(CASES.map((job) => [job, {}])));
  await jobs.rig.configure([]);
}, STARTS);

afterAll(async () => jobs?.close());
afterEach(() => jobs.rig.stopConnectors());

/** The cursor stands at the end of the job, and no connector runs. */
const seenBefore = async (job: string): Promise<void> => {
  await jobs.rig.configure([{ name: job, spec: { jobs: [job] } }]);
  await jobs.rig.startConnector();
  await jobs.looked(job);
  await jobs.rig.stopConnectors();
};

describe('a build of a named job is told once', () => {
  it.each(['before', 'in', 'after'])('by a process that is killed %s the write that tells it, and the next one', async (point) => {
    await seenBefore(point);
    const number = await jobs.build(point);
    await jobs.ended(point, number);
    const killed = await jobs.rig.startConnector({ FAILPOINT: `connector.${point}-tell` });
    await waitFor(() => killed.signalCode === 'SIGKILL', { what: 'its death', timeoutMs: 30_000 });
    expect(jobs.told(point)).toEqual([]);
    await jobs.rig.startConnector();
    await waitFor(() => jobs.told(point).length >= 2, { what: 'the build', timeoutMs: 60_000 });
    await jobs.looked(point);
    expect(jobs.told(point)).toEqual(both(number));
  }, STARTS);

  it('by the one that took over from a process that stood still past its lease; what that one read is not told again', async () => {
    await seenBefore('stop');
    const number = await jobs.build('stop');
    await jobs.ended('stop', number);
    const paused = await jobs.rig.startConnector({ FAILPOINT: 'connector.before-tell:stop' });
    await waitFor(() => /^\d+ \(.*\) T/.test(readFileSync(`/proc/${paused.pid}/stat`, 'utf8')), { what: 'a stopped process', timeoutMs: 30_000 });
    await jobs.rig.startConnector();
    await waitFor(() => jobs.told('stop').length >= 2, { what: 'the build', timeoutMs: 60_000 });
    paused.kill('SIGCONT');
    await jobs.looked('stop');
    await jobs.looked('stop');
    expect(jobs.told('stop')).toEqual(both(number));
  }, STARTS);
});
