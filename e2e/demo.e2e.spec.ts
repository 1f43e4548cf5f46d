import { waitFor } from '@stellwerk/testing';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Demo, startStellwerk, stopEverything, type RunSeen, type Stellwerk } from './harness/index.js';

let stellwerk: Stellwerk;
let demo: Demo;

beforeAll(async () => {
  stellwerk = await startStellwerk();
  await stellwerk.ready();
  demo = new Demo(stellwerk);
});

afterAll(stopEverything);

const newSha = (): string => randomBytes(20).toString('hex');

const links = (run: RunSeen): (string | undefined)[] => [run.event.url, ...run.steps.map(({ attempts }) => attempts.at(-1)?.run?.url)];

/** One change, one trigger each, whatever was killed on the way. */
const expectExactlyOnce = async (sha: string): Promise<void> => {
  expect(await demo.triggers(sha)).toEqual({ gitlab: 1, jenkins: 1, github: 1 });
  await waitFor(async () => {
    const told = await demo.messages(sha);
    return told.slack! + told.discord! >= 2;
  }, { what: 'Slack and Discord to be told', timeoutMs: 60_000 });
  expect(await demo.messages(sha)).toEqual({ slack: 1, discord: 1 });
};

describe('the demo of npm start', () => {
  it('shows one change going through GitHub, GitLab, Jenkins and the deployment, and says the same by its API', async () => {
    const text = stellwerk.output.text;
    for (const word of ['hook', 'event', '"release" matched', 'scan', 'e2e', 'deploy', 'run             succeeded', 'slack', 'discord']) expect(text).toContain(word);
    const { items } = await stellwerk.api<{ items: RunSeen[] }>('/api/runs');
    expect(items).toHaveLength(1);
    const run = await stellwerk.api<RunSeen & Record<string, unknown>>(`/api/runs/${items[0]!.id}`);
    expect(run).toMatchObject({ flow: 'release', state: 'succeeded', attempt: 1 });
    expect(links(run).filter((url) => url?.startsWith('http'))).toHaveLength(4);
    for (const url of links(run)) expect((await fetch(url!)).status).toBe(200);
    await expectExactlyOnce(run.event.sha!);
    // People may hear of the end before the commit does.
    await waitFor(async () => (await demo.commitStatuses(run.event.sha!)).length >= 2, { what: 'the end on the commit' });
    expect(await demo.commitStatuses(run.event.sha!)).toEqual(['pending', 'success']);
  });

  it('100 changes at once all end well, each triggered once', async () => {
    const all = Array.from({ length: 100 }, newSha);
    await Promise.all(all.map((sha) => demo.push(sha)));
    const states = await waitFor(async () => {
      const { items } = await stellwerk.api<{ items: RunSeen[] }>('/api/runs?limit=200');
      const ours = items.filter(({ event }) => all.includes(event.sha!)).map(({ state }) => state);
      return ours.length === all.length && ours.every((state) => state !== 'running') ? ours : undefined;
    }, { what: 'all 100 runs to end', timeoutMs: 170_000, everyMs: 1_000 });
    expect(states).toEqual(all.map(() => 'succeeded'));
    for (const sha of all) expect(await demo.triggers(sha)).toEqual({ gitlab: 1, jenkins: 1, github: 1 });
  });
});

describe('a run goes on when a process is killed in the middle', () => {
  const names = [
    'ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'webhook-connector', 'status', 'notifier', 'nats', 'postgres', 'simulators',
  ];

  it('every process of npm start is tried', () => {
    expect(stellwerk.processes().map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  for (const name of names) {
    it(`${name}, while the first step runs`, async () => {
      const sha = newSha();
      const pushed = await demo.push(sha);
      await demo.until(sha, 'on its first step', ({ steps }) => steps[0]!.state === 'running');
      await stellwerk.kill(name);
      expect((await demo.ended(sha)).state).toBe('succeeded');
      await expectExactlyOnce(pushed.sha);
    });

    it(`${name}, right after the hook was sent`, async () => {
      const sha = newSha();
      const pushed = await demo.push(sha, 0);
      await stellwerk.kill(name);
      const retry = setInterval(() => void demo.redeliverUntaken(pushed).catch(() => undefined), 2_000);
      try {
        expect((await demo.ended(sha)).state).toBe('succeeded');
      } finally {
        clearInterval(retry);
      }
      await expectExactlyOnce(sha);
    });
  }
});
