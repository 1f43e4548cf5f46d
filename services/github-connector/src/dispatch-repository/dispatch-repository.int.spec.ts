import { randomUUID } from 'node:crypto';
import { startRig, type Rig } from '@stellwerk/connector-kit/conformance';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { subject } from '../../spec/subject.js';

const SLOW = 180_000;
const CALL = { method: 'POST', path: '/repos/acme/shop/dispatches' };
let rig: Rig;
let free: string[];

beforeAll(async () => {
  rig = await startRig(subject);
  free = Array.from({ length: 5 }, (_, n) => `c-${n}`);
  await rig.configure(free.map((name) => ({ name })));
  await rig.startConnector();
}, 300_000);
afterAll(async () => rig?.close());
afterEach(() => rig.platform.faults.clear());

type SentCommand = Awaited<ReturnType<Rig['send']>>;

interface Told {
  sent: SentCommand;
  title: string;
}

const dispatch = async (awaitPipeline = 'told.yml'): Promise<Told> => {
  const title = randomUUID();
  const values = { repository: 'acme/shop', type: 'tell', payload: { title } };
  return { title, sent: await rig.send(free.shift()!, { action: 'dispatch-repository', with: values, await: true, awaitPipeline }) };
};

const runsOf = ({ title }: Told) => (rig.platform.runs() as { display_title: string; html_url: string }[]).filter((run) => run.display_title.startsWith(title));

const expectOneRun = async (told: Told): Promise<void> => {
  const accepted = await rig.outcome(told.sent, 'trigger.accepted');
  expect(accepted.data).toMatchObject({ followed: true, repository: 'acme/shop', pipeline: 'told.yml' });
  expect((await rig.followed(told.sent, 'pipelinerun.finished')).data).toMatchObject({ outcome: 'success', pipelineFile: '.github/workflows/told.yml', cause: 'api' });
  expect(runsOf(told).map(({ html_url: url }) => url)).toEqual([(accepted.data.platformRun as { url: string }).url]);
};

describe('a repository dispatch whose pipeline is awaited', () => {
  it('finds the run that it started, and follows it to its end', async () => {
    await expectOneRun(await dispatch());
  }, SLOW);

  it.each(['reset-after', 'reset-before', 'hang-after'] as const)('starts exactly one run after %s', async (kind) => {
    rig.platform.faults.add({ kind, ...CALL });
    await expectOneRun(await dispatch());
  }, SLOW);

  it('starts exactly one run when the connector is killed before it has written what came of it', async () => {
    await rig.stopConnectors();
    const doomed = await rig.startConnector({ FAILPOINT: 'connector.after-send' });
    const died = new Promise((resolve) => doomed.once('exit', (_, signal) => resolve(signal)));
    const told = await dispatch();
    expect(await died).toBe('SIGKILL');
    await rig.startConnector();
    await expectOneRun(told);
  }, 300_000);
});
