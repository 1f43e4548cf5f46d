import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TOKEN, startRig, type Rig } from '@stellwerk/connector-kit/conformance';
import { shortType, type RunChanged } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ciEnded, startRouter } from '../spec/deploy-rig.js';
import { subject } from '../spec/subject.js';

const SLOW = 120_000;
let rig: Rig;
let stopRouter: () => Promise<void>;

/** The flow that the guide shows, word for word. */
const flowOfTheGuide = async (): Promise<string> => {
  const guide = await readFile(new URL('../../../docs/how-to/connect-github.md', import.meta.url), 'utf8');
  const flow = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text!).find((text) => text.includes('name: deploy-with-status'));
  if (flow === undefined) throw new Error('docs/how-to/connect-github.md shows no flow deploy-with-status any more');
  return flow;
};

beforeAll(async () => {
  rig = await startRig(subject);
  await rig.configure([{ name: 'github' }]);
  await rig.startConnector();
  stopRouter = await startRouter(rig, await flowOfTheGuide());
}, 300_000);
afterAll(async () => {
  await stopRouter?.();
  await rig?.close();
});
afterEach(() => rig.platform.faults.clear());

const github = async <T>(path: string): Promise<T> => (await (await fetch(`${rig.platform.url}/repos/acme/shop${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()) as T;

const runEnded = (sha: string, state: string) => waitFor(() => {
  const runs = rig.events.filter(({ type }) => shortType(type).startsWith('run.')).map(({ data }) => (data as unknown as RunChanged).run).filter(({ event }) => event.sha === sha);
  const ended = runs.find((run) => run.state === state);
  if (!ended) throw new Error(`the run is ${runs.at(-1)?.state}: ${runs.at(-1)?.reason}`);
  return ended;
}, { what: `a run that ${state}`, timeoutMs: 60_000 });

const deploy = async (state: string): Promise<{ outputs: unknown; statuses: string[]; deployments: { id: number }[] }> => {
  const sha = randomBytes(20).toString('hex');
  await ciEnded(rig, 'github', sha);
  const { steps } = await runEnded(sha, state);
  const deployments = (await github<{ id: number; sha: string }[]>('/deployments?per_page=100')).filter((one) => one.sha === sha);
  const statuses = (await Promise.all(deployments.map(({ id }) => github<{ state: string }[]>(`/deployments/${id}/statuses`)))).flat();
  return { outputs: steps[0]!.attempts[0]!.outputs, statuses: statuses.map((status) => status.state), deployments };
};

describe('a deployment whose id a later step needs', () => {
  it('is told how the workflow ended', async () => {
    const { outputs, statuses, deployments } = await deploy('succeeded');
    expect([deployments.length, statuses]).toEqual([1, ['success']]);
    expect(outputs).toEqual({ deployment: deployments[0]!.id });
  }, SLOW);

  it('is told also when the workflow fails', async () => {
    rig.platform.outcomes.next(subject.outcomeKey, ['failure']);
    expect((await deploy('failed')).statuses).toEqual(['failure']);
  }, SLOW);

  it('is made once, and found, when the answer that named it gets lost', async () => {
    rig.platform.faults.add({ kind: 'reset-after', method: 'POST', path: '*/deployments' });
    const { outputs, statuses, deployments } = await deploy('succeeded');
    expect([deployments.length, statuses, outputs]).toEqual([1, ['success'], { deployment: deployments[0]!.id }]);
  }, SLOW);
});
