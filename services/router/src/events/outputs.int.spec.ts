import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: deploy }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    create: { uses: github/create-deployment, with: { repository: acme/shop, ref: main } }
    large: { uses: github/set-status, with: { repository: acme/shop, sha: a, state: success } }
    scan: { uses: gitlab/trigger-pipeline, with: { project: any, ref: main } }
    tell:
      needs: [create, scan]
      if: steps.create.outputs.deployment == 42 && steps.scan.outputs.?iid.orValue(7) == 7
      uses: github/set-deployment-status
      with: { repository: acme/shop, deployment_id: "\${{ steps.create.outputs.deployment }}", state: success, description: "pipeline \${{ steps.scan.outputs.pipeline }}" }
`;

let rig: RouterRig;

beforeAll(async () => {
  rig = await startRouterRig(FLOWS);
});
afterAll(() => rig?.stop());

describe('outputs of steps', () => {
  it('outlive the router that heard of them, and are what later commands are made of', async () => {
    const doomed = await rig.start();
    await rig.github('1');
    const run = await rig.soleRun('deploy');
    const [create, scan] = [await rig.command(`${run}:create:run:1`), await rig.command(`${run}:scan:run:1`)];
    await rig.answer(create, 'accepted', { followed: false, outputs: { deployment: 42 } });
    await rig.quiet();
    doomed.child.kill('SIGKILL');
    await doomed.exited;
    await rig.start();
    await rig.answer(await rig.command(`${run}:large:run:1`), 'accepted', { followed: false, outputs: { log: 'x'.repeat(20_000) } });
    await rig.answer(scan, 'accepted', { id: '100', outputs: { pipeline: 100 } });
    await rig.pipeline('100', 'finished', { outcome: 'success' });
    const tell = await rig.command(`${run}:tell:run:1`);
    expect(tell.data.with).toEqual({ repository: 'acme/shop', deployment_id: 42, state: 'success', description: 'pipeline 100' });
    await rig.answer(tell, 'accepted', { followed: false });
    const { steps, reason } = await rig.reaches(run, 'succeeded');
    expect(steps.map(({ attempts }) => attempts.map(({ outputs }) => outputs))).toEqual([[{ deployment: 42 }], [undefined], [{ pipeline: 100 }], [undefined]]);
    expect(reason).toMatch(/^outputs of step large were left out: they have \d+ bytes/);
  });
});
