import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: scan }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/scan }]
  report: []
  steps:
    scan: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
`;

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
  await rig.start();
});
afterAll(() => rig?.stop());

describe('our id on a run of a platform', () => {
  it('counts from the instance that the command was for, and from no other: ids are no secret', async () => {
    await rig.github('1', { repository: 'acme/scan' });
    const run = await rig.soleRun('scan');
    const scan = await rig.command(`${run}:scan:run:1`);
    await rig.github('forged', { repository: 'acme/elsewhere', correlation: scan.id });
    await rig.quiet();
    expect((await rig.snapshots(run)).at(-1)).toMatchObject({ state: 'running', steps: [{ state: 'triggering' }] });
    // No answer of the connector yet: the echo alone tells that it was taken, and how it ended.
    await rig.pipeline('100', 'finished', { outcome: 'failure', correlation: scan.id });
    expect((await rig.reaches(run, 'failed')).steps[0]).toMatchObject({ outcome: 'failure', attempts: [{ run: { id: '100' } }] });
  });
});
