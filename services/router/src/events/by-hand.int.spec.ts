import { cloudEvent, requestId, requestedRunId, type RunRequested } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterProcess, type RouterRig } from '../../test/router-rig.js';

const flow = (name: string): string => `
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ all: { a: { from: gitlab }, b: { from: gitlab } }, key: "\${{ event.sha }}" }, { schedule: "0 0 1 1 *" }]
  inputs:
    version: { required: true }
    count: { type: number, default: 3 }
  env: { joined: '\${{ events.?a.?sha.orValue("none") }}', next: "\${{ inputs.count + 1 }}" }
  steps:
    one: { uses: gitlab/trigger-pipeline, with: { project: any, ref: "\${{ inputs.version }}", inputs: { next: "\${{ env.next }}", who: "\${{ event.actor }}" } } }
`;

const listening = `
---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: listening }
spec:
  on: [{ branches: "**" }, { actor: "**" }]
  steps: { one: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } } }
`;

let rig: RouterRig;
let routers: RouterProcess[] = [];

beforeAll(async () => {
  rig = await startRouterRig(flow('by-hand'));
}, 180_000);

afterAll(() => rig?.stop());

const TRACE = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
/** Nobody listens there: a collector that is away changes nothing. */
const TRACING = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

/** As status tells it. */
const order = async (name: string, key: string, inputs: Record<string, unknown>): Promise<string> => {
  const id = requestId(name, key);
  const run = requestedRunId(name, id);
  await rig.publish('events.status.run.requested', cloudEvent<RunRequested>({
    id, source: '/services/status', type: 'run.requested', subject: run, time: new Date(), correlationId: run, causationId: id,
    data: { flow: name, run, inputs, by: 'alice', key, occurredAt: new Date().toISOString() },
  }), TRACE);
  return run;
};

describe('a flow that a person starts', () => {
  it('starts once, under the id that was promised, though its router dies of it and it is told three times to two', async () => {
    const mortal = await rig.start('router.after-commit', TRACING);
    const run = await order('by-hand', 'release-7', { version: 'v7' });
    expect((await mortal.exited).signal).toBe('SIGKILL');
    routers = await Promise.all([rig.start(undefined, TRACING), rig.start(undefined, TRACING)]);
    for (const _ of [1, 2]) await order('by-hand', 'release-7', { version: 'v7' });
    await rig.reaches(run, 'running');
    await rig.taken(1);
    expect((await rig.runs('by-hand')).map(({ id }) => id)).toEqual([run]);
    const [sent] = await rig.commands({ run });
    expect(sent!.data.with).toEqual({ project: 'any', ref: 'v7', inputs: { next: 4, who: 'alice' } });
    expect(await rig.commands({ run })).toHaveLength(1);
    expect((await rig.snapshots(run)).at(-1)).toMatchObject({
      event: { type: 'run.requested', connection: '', actor: 'alice' }, inputs: { version: 'v7', count: 3 }, trace: 'c'.repeat(32),
    });
  }, 200_000);

  it('another key is another run', async () => {
    const runs = await Promise.all(['a', 'b'].map((key) => order('by-hand', key, { version: key })));
    await Promise.all(runs.map((run) => rig.reaches(run, 'running')));
    expect(new Set(runs).size).toBe(2);
  });

  it('with inputs that do not fit here ends with all that is wrong, and does nothing', async () => {
    const run = await order('by-hand', 'wrong', { verison: 'v8', count: 'many' });
    expect((await rig.reaches(run, 'failed')).reason).toMatch(/no input "verison".*"version" is missing.*"count" must be a number/);
    expect(await rig.commands({ run })).toEqual([]);
  });

  it('waits until its router knows the flow, and starts no other that listens to everything', async () => {
    const run = await order('later', 'first', { version: 'v1' });
    await waitFor(() => routers.some(({ output }) => output().includes('flow later, which alice wants to start, is not known')), { what: 'the refusal for now' });
    await rig.configure(flow('by-hand') + flow('later') + listening);
    await rig.reaches(run, 'running');
    expect(await rig.runs('listening')).toEqual([]);
  });
});
