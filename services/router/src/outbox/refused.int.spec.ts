import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '@stellwerk/messaging';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const FLOWS = `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: huge }
spec:
  on: [{ event: pipelinerun.finished, from: github, repository: acme/shop }]
  report: []
  steps:
    go:
      uses: gitlab/trigger-pipeline
      with: { project: any, ref: main, inputs: { a: "\${{ event.title }}", b: "\${{ event.title }}", c: "\${{ event.title }}", d: "\${{ event.title }}" } }
      retry: { attempts: 3, on: [error], backoff: 1s }
`;

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

it('a run whose command no broker takes ends with the reason, instead of waiting for ever', async () => {
  await rig.start();
  const connection = await connectNats('refused', rig.nats.url);
  const { streams } = await jetstreamManager(connection);
  await streams.update('COMMANDS', { ...(await streams.info('COMMANDS')).config, max_msg_size: 200_000 });
  await connection.close();
  await rig.github('1', { title: 'x'.repeat(60_000) });
  const run = await rig.soleRun('huge');
  const end = await rig.reaches(run, 'failed');
  expect(end.steps[0]).toMatchObject({ state: 'failed', outcome: 'error', attempts: [{ number: 1, reason: expect.stringMatching(/the command could not be sent: .*size/) }] });
  expect(end.steps[0]!.attempts).toHaveLength(1);
  expect(await rig.commands()).toEqual([]);
  const { rows } = await rig.database.query('SELECT state, reason FROM commands');
  expect(rows).toEqual([{ state: 'rejected', reason: expect.stringContaining('could not be sent') }]);
});
