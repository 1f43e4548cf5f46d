import { waitFor } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRouterRig, type RouterRig } from '../../test/router-rig.js';

const flow = (name: string, on: string, project: string): string => `---
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [${on}]
  report: []
  steps:
    go: { uses: gitlab/trigger-pipeline, with: { project: ${project}, ref: main } }
`;

const FLOWS = [
  flow('asks', '{ event: pipelinerun.finished, from: github, repository: acme/asks }', 'any'),
  flow('elsewhere', '{ event: pipelinerun.finished, from: github, repository: acme/elsewhere }', 'other'),
  flow('foreign', '{ event: pipelinerun.finished, from: gitlab, repository: any }', 'any'),
].join('');

let rig: RouterRig;

beforeAll(async () => { rig = await startRouterRig(FLOWS); }, 180_000);

afterAll(() => rig?.stop());

const heldEvents = async (): Promise<number> => (await rig.database.query('SELECT id FROM held_events')).rows.length;

let begun = 0;

/** The command of a new run. */
const begin = async (name: string) => {
  const before = (await rig.runs(name)).length;
  await rig.github(`${name}-${begun += 1}`, { repository: `acme/${name}` });
  const runs = await waitFor(async () => { const all = await rig.runs(name); return all.length > before && all; }, { what: `a run of ${name}`, timeoutMs: 30_000 });
  return rig.command(`${runs.at(-1)!.id}:go:run:1`);
};

const hold = async (id: string): Promise<void> => {
  const before = await heldEvents();
  await rig.pipeline(id, 'finished', { outcome: 'success', pipeline: 'CI' });
  await waitFor(async () => (await heldEvents()) > before, { what: `${id} to be held` });
};

describe('a held event', () => {
  it('is released though whoever settled the command died before, and others of that instance stay unsettled', async () => {
    const first = await rig.start();
    await begin('elsewhere');
    const asked = await begin('asks');
    await hold('foreign-1');
    await rig.quiet();
    await first.stop();
    const mortal = await rig.start('router.after-commit');
    await rig.answer(asked, 'accepted', { id: 'ours-1' });
    expect((await mortal.exited).signal).toBe('SIGKILL');
    expect(await heldEvents()).toBe(1);
    await rig.start();
    // Sooner than the dead one's message comes again (20 s).
    await waitFor(async () => (await rig.runs('foreign')).length === 1, { what: 'the held event to start its flow', timeoutMs: 30_000 });
    expect(await heldEvents()).toBe(0);
    await rig.answer(await rig.command(`${(await rig.runs('foreign'))[0]!.id}:go:run:1`), 'accepted', { id: 'foreign-own' });
    await rig.quiet();
  }, 180_000);

  it('is released when several replicas settle the last commands at the same moment', async () => {
    await rig.start();
    for (let round = 1; round <= 5; round += 1) {
      const before = (await rig.runs('foreign')).length;
      const asked = [await begin('asks'), await begin('asks')];
      await hold(`foreign-at-once-${round}`);
      await Promise.all(asked.map((sent, at) => rig.answer(sent, 'accepted', { id: `ours-${round}-${at}` })));
      await waitFor(async () => (await rig.runs('foreign')).length === before + 1, { what: 'the held event to start its flow', timeoutMs: 30_000 });
      const started = (await rig.runs('foreign')).at(-1)!;
      await rig.answer(await rig.command(`${started.id}:go:run:1`), 'accepted', { id: `foreign-own-${round}` });
      await rig.quiet();
    }
    expect(await heldEvents()).toBe(0);
  }, 180_000);
});
