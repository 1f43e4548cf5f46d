import { MAX_RUN_OUTPUTS_BYTES } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { World, flow, retry, step } from '../../test/planned-world.js';

const create = step('create', { await: false });
const say = step('say', { needs: ['create'], await: false, with: { deployment_id: '${{ steps.create.outputs.deployment }}', text: 'of ${{ steps.create.outputs.deployment }}' } });
const outputsIn = (world: World) => world.snapshot().steps[0]!.attempts.map(({ outputs }) => outputs);
const accept = (world: World, command: string, outputs?: Record<string, unknown>, reason?: string) => world.feed({ kind: 'accepted', result: { command, followed: false, outputs, reason } });

describe('outputs of a step', () => {
  it('are read by later steps with their type, and shown on the attempt', () => {
    const world = new World(flow([create, say]));
    accept(world, 'run:create:run:1', { deployment: 42 });
    expect(world.commands.get('run:say:run:1')?.with).toEqual({ deployment_id: 42, text: 'of 42' });
    expect(outputsIn(world)).toEqual([{ deployment: 42 }]);
  });

  it('that are not there fail the step that needs them, with the reason', () => {
    const world = new World(flow([create, say]));
    accept(world, 'run:create:run:1');
    expect(world.states()).toEqual({ create: 'succeeded', say: 'failed' });
    expect(world.run.reason).toMatch(/deployment/);
  });

  it('may be asked for in conditions and with a default', () => {
    const asked = step('asked', { needs: ['create'], if: 'steps.create.outputs.?n.orValue(0) == 0', with: { n: '${{ steps.create.outputs.?n.orValue(7) }}' } });
    const world = new World(flow([create, asked]));
    accept(world, 'run:create:run:1');
    expect(world.commands.get('run:asked:run:1')?.with).toEqual({ n: 7 });
  });

  it('are those of the last attempt', () => {
    const world = new World(flow([step('create', { retry: retry(2) }), say]));
    world.feed({ kind: 'accepted', result: { command: 'run:create:run:1', followed: true, platformRunKey: 'k1', outputs: { deployment: 1 } } });
    world.feed({ kind: 'platform-run', state: { key: 'k1', predicate: 'finished', attempt: 1, at: world.now.toISOString(), outcome: 'failure' } });
    world.strike('create:run:1:retry');
    world.feed({ kind: 'accepted', result: { command: 'run:create:run:2', followed: true, platformRunKey: 'k2', outputs: { deployment: 2 } } });
    world.feed({ kind: 'platform-run', state: { key: 'k2', predicate: 'finished', attempt: 1, at: world.now.toISOString(), outcome: 'success' } });
    expect(world.commands.get('run:say:run:1')?.with).toMatchObject({ deployment_id: 2 });
    expect(outputsIn(world)).toEqual([{ deployment: 1 }, { deployment: 2 }]);
  });

  it('that are too large are left out with a note on the run, whoever let them through', () => {
    const told = new World(flow([create]));
    accept(told, 'run:create:run:1', undefined, 'they have 20000 bytes, expected at most 16384');
    expect(told.snapshot()).toMatchObject({ state: 'succeeded', reason: 'outputs of step create were left out: they have 20000 bytes, expected at most 16384' });
    const sent = new World(flow([create]));
    accept(sent, 'run:create:run:1', { a: 'x'.repeat(20_000) });
    expect(outputsIn(sent)).toEqual([undefined]);
    expect(sent.snapshot().reason).toMatch(/20008 bytes/);
  });

  it('of all steps together leave room in a message', () => {
    const names = Array.from({ length: 20 }, (_, n) => `s${n}`);
    const world = new World(flow(names.map((name) => step(name, { await: false }))));
    for (const name of names) accept(world, `run:${name}:run:1`, { a: 'x'.repeat(16_000) });
    const kept = world.snapshot().steps.flatMap(({ attempts }) => attempts).filter(({ outputs }) => outputs);
    expect(kept).toHaveLength(16);
    expect(Buffer.byteLength(JSON.stringify(kept.map(({ outputs }) => outputs)))).toBeLessThan(MAX_RUN_OUTPUTS_BYTES);
    expect(world.snapshot()).toMatchObject({ state: 'succeeded', reason: expect.stringMatching(/outputs of step s16 were left out: all outputs of the run would have/) });
  });
});

describe('outputs of a run that calls back', () => {
  const acceptance = { kind: 'accepted', result: { command: 'run:create:run:1', followed: true, platformRunKey: 'k', outputs: { deployment: 1 } } } as const;
  const end = (outputs?: Record<string, unknown>) => ({ kind: 'platform-run', state: { key: 'k', predicate: 'finished', attempt: 1, at: '2026-11-24T08:00:00Z', outcome: 'success', correlation: 'run:create:run:1', ...(outputs && { outputs }) } }) as const;

  it.each([['the answer', [acceptance, end({ deployment: 2 })]], ['the call back', [end({ deployment: 2 }), acceptance]]] as const)('are those of the call back, also when %s comes first', (_first, inputs) => {
    const world = new World(flow([step('create'), say]));
    for (const input of inputs) world.feed(input);
    expect(outputsIn(world)).toEqual([{ deployment: 2 }]);
    expect(world.commands.get('run:say:run:1')?.with).toMatchObject({ deployment_id: 2 });
  });

  it('are those of the answer when the call back brings none', () => {
    const world = new World(flow([step('create'), say]));
    world.feed(acceptance);
    world.feed(end());
    expect(world.commands.get('run:say:run:1')?.with).toMatchObject({ deployment_id: 1 });
  });

  it('are kept by nobody once the attempt has ended another way', () => {
    const world = new World(flow([step('create')]));
    world.feed(acceptance);
    world.feed({ kind: 'platform-run', state: { ...end().state, outcome: 'failure' } });
    world.feed(end({ deployment: 3 }));
    expect(outputsIn(world)).toEqual([{ deployment: 1 }]);
  });
});
