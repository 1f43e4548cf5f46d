import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: line }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    a: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    b: { needs: [a], uses: gitlab/trigger-pipeline, with: { project: any, ref: main }, timeout: 1s }
`;

const HOOK = '0af7651916cd43dd8448eb211c80319c';
const OTHER = 'ffffffffffffffffffffffffffffffff';
const traceparent = (trace: string): string => `00-${trace}-b7ad6b7169203331-01`;

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

describe('a run', () => {
  it('stays in the trace in which it started, whatever trace moves it on, and also when time does', async () => {
    // Nobody listens there: a collector that is away changes nothing.
    const router = await rig.start(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await rig.github('1', { traceparent: traceparent(HOOK) });
    const run = await rig.soleRun('line');
    await rig.answer(await rig.command(`${run}:a:run:1`), 'accepted', { id: '1', traceparent: traceparent(OTHER) });
    await rig.pipeline('1', 'finished', { outcome: 'success' });
    await rig.answer(await rig.command(`${run}:b:run:1`), 'accepted', { id: '2', traceparent: traceparent(OTHER) });
    await rig.command(`${run}:b:cancel:1`);
    expect((await rig.reaches(run, 'failed')).trace).toBe(HOOK);
    const traces = [...(await rig.traces('COMMANDS')), ...(await rig.traces('EVENTS'))].filter(([id]) => id.startsWith(run) && !id.includes(':accepted'));
    expect(traces.length).toBeGreaterThanOrEqual(7);
    for (const [, header] of traces) expect(header.split('-')[1]).toBe(HOOK);
    await router.stop();
  });

  it('has no trace when nobody traces', async () => {
    await rig.start();
    await rig.github('2', { traceparent: traceparent(HOOK) });
    const { id } = await waitFor(async () => (await rig.runs('line'))[1], { what: 'the second run', timeoutMs: 30_000 });
    expect((await rig.reaches(id, 'running')).trace).toBeUndefined();
  });
});
