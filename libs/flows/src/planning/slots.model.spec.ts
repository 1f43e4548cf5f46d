import fc from 'fast-check';
import { FOLLOW_ACTION, type Outcome } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { flow, retry, step, undo } from '../../test/planned-world.js';
import { SlotWorld } from '../../test/slot-world.js';
import type { Concurrency, Flow } from '../model.js';
import { isFinalRun, isFinalStep } from './moves.js';
import type { RunRecord, StepRecord } from './run-record.js';
import { environmentOf, slotId } from './slots.js';

// Hundreds of worlds of a dozen runs: seconds on a machine with nothing else to do.
const PATIENCE_MS = 120_000;

const GROUP_LIMIT = 2;

const flowOf = (name: string, whenFull: Concurrency['whenFull']): Flow => flow([
  step('build', { retry: retry(2) }),
  step('deploy', { needs: ['build'], environment: 'production', retry: retry(2), rollback: undo() }),
  step('other', { needs: ['build'], environment: 'staging' }),
  step('smoke', { needs: ['deploy', 'other'], environment: 'production' }),
], { name, onFailure: 'rollback', concurrency: { group: '${{ event.branch }}', limit: GROUP_LIMIT, whenFull } });

const FLOWS = (['queue', 'replace-queued', 'cancel-running', 'drop'] as const).map((whenFull) => flowOf(whenFull, whenFull));

type Move =
  | { what: 'start'; flow: number; branch: string }
  | { what: 'end'; at: number; outcome: Outcome }
  | { what: 'unknown' | 'resolve' | 'follow' | 'cancel' | 'clock' | 'overtime' | 'busy'; at: number }
  | { what: 'retry' | 'rollback'; at: number }
  | { what: 'look'; at: number; locked: number[] };

const at = fc.nat(40);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ what: fc.constant('start' as const), flow: fc.nat(FLOWS.length - 1), branch: fc.constantFrom('main', 'x') }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('end' as const), at, outcome: fc.constantFrom<Outcome>('success', 'success', 'success', 'failure') }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('look' as const), at, locked: fc.array(at, { maxLength: 2 }) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constantFrom('unknown' as const, 'resolve' as const, 'follow' as const, 'cancel' as const, 'clock' as const, 'overtime' as const, 'busy' as const), at }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('retry' as const, 'rollback' as const), at }) },
);

const ids = (world: SlotWorld): string[] => [...world.runs.keys()];
const chosen = <T>(list: readonly T[], at: number, work: (one: T) => void): void => { if (list.length > 0) work(list[at % list.length]!); };

/** Pauses between attempts that are over. */
const strikeRetries = (world: SlotWorld, id: string): void => {
  for (const { name, run: work, rollback } of world.run(id).steps) {
    for (const [kind, activity] of [['run', work], ['rollback', rollback]] as const) {
      if (activity?.state === 'waiting' && activity.attempts.length > 0) world.feed(id, { kind: 'timer', timer: { kind: 'retry', step: name, work: kind, attempt: activity.attempts.length } });
    }
  }
};

const unknownSteps = (world: SlotWorld, id: string): string[] =>
  world.run(id).steps.filter(({ run, rollback }) => run.state === 'unknown' || rollback?.state === 'unknown').map(({ name }) => name);

const carryOut = (world: SlotWorld, next: Move, n: number): void => {
  switch (next.what) {
    case 'start':
      world.start(`run${n}`, FLOWS[next.flow]!, { branch: next.branch });
      return world.busy.clear();
    case 'end':
      return chosen(world.open(), next.at, (id) => world.ends(id, next.outcome));
    case 'unknown':
      return chosen(world.open(), next.at, (command) => void world.feed(command.split(':')[0]!, { kind: 'unknown', result: { command, reason: 'timeout' } }));
    case 'resolve':
    case 'follow':
      return chosen(ids(world).flatMap((id) => unknownSteps(world, id).map((step) => ({ id, step }))), next.at, ({ id, step }) => void world.feed(id, next.what === 'follow'
        ? { kind: 'resolve', step, ran: true, platformRun: `${id}:${step}`, by: 'alice' } : { kind: 'resolve', step, ran: false, by: 'alice' }));
    case 'cancel':
      return chosen(ids(world), next.at, (id) => void world.feed(id, { kind: 'cancel', by: 'alice' }));
    case 'retry':
    case 'rollback':
      return chosen(ids(world), next.at, (id) => void world.feed(id, { kind: next.what, by: 'alice' }));
    case 'clock':
      return chosen(ids(world), next.at, (id) => strikeRetries(world, id));
    case 'overtime':
      return chosen(ids(world).filter((id) => world.run(id).state !== 'queued'), next.at, (id) => void world.overtime(id));
    case 'busy':
      return chosen(world.slots(), next.at, (slot) => void world.busy.add(slotId(slot)));
    case 'look':
      return chosen(world.slots(), next.at, (slot) => void world.settle(slot, next.locked.map((place) => ids(world)[place] ?? '')));
  }
};

const limitOf = (world: SlotWorld, place: { scope: string; key: string }): number => {
  const environment = environmentOf(place);
  return environment === undefined ? GROUP_LIMIT : world.environments[environment]!.concurrency!;
};

/** Its last try was UNKNOWN when the run was retried: whatever becomes of it, it is not started by that. */
const isFromBefore = ({ retried }: RunRecord, { run }: StepRecord): boolean => {
  const last = run.attempts.at(-1);
  return retried !== undefined && last !== undefined && (last.startedAt ?? '') < retried.at && last.number === (run.before ?? 0) + 1;
};

const wasRevived = ({ state, slot }: RunRecord): boolean => state === 'rolling-back' && slot?.state === 'left';

/** Everything that must be true at every moment. */
const check = (world: SlotWorld): void => {
  for (const [, places] of Map.groupBy(world.places, slotId)) expect(places.filter(({ held }) => held).length).toBeLessThanOrEqual(limitOf(world, places[0]!));
  for (const { run } of world.runs.values()) {
    const own = world.places.filter((place) => place.run === run.id);
    if (isFinalRun(run.state)) expect(own).toEqual([]);
    // One that is rolled back after its end has left its group: it needs its environments only.
    else if (!wasRevived(run)) expect(own.find((place) => place.step === undefined)?.held).toBe(run.state !== 'queued');
    else expect(own.some((place) => place.step === undefined)).toBe(false);
    // One that is retried keeps when it began first, and what it had done already.
    if (run.state === 'queued' && run.attempt === 1) expect([run.startedAt, run.steps.every((one) => one.run.state === 'pending')]).toEqual([undefined, true]);
    if (run.state === 'queued') expect(run.steps.every((one) => isFinalStep(one.run.state) || ['pending', 'unknown'].includes(one.run.state) || isFromBefore(run, one))).toBe(true);
    for (const { name, slot } of run.steps) expect(own.find((place) => place.step === name)?.held).toBe(slot?.held);
  }
};

/** What is at work in an environment has its place there. */
const checkCommands = (world: SlotWorld): void => {
  for (const id of world.open()) {
    const [run, name] = id.split(':') as [string, string];
    const { environment } = world.runs.get(run)!.flow.steps.find((one) => one.name === name)!;
    const step = world.run(run).steps.find((one) => one.name === name)!;
    const needsPlace = environment !== undefined || world.run(run).state === 'queued';
    // What a person says that it runs is followed wherever it stands.
    if (!needsPlace || (isFromBefore(world.run(run), step) && world.commands.get(id)!.action === FOLLOW_ACTION)) continue;
    expect([id, world.run(run).state]).not.toEqual([id, 'queued']);
    if (environment !== undefined) expect(world.places).toContainEqual(expect.objectContaining({ run, step: name, key: environment, held: true }));
  }
};

/** What may still be deploying keeps its place, until it is undone, or its run ends: of a run that went on after that nobody knows. */
const checkUnknown = (world: SlotWorld): void => {
  for (const { run, flow: { steps } } of world.runs.values()) {
    for (const [index, one] of run.steps.entries()) {
      if (isFinalRun(run.state) || steps[index]!.environment === undefined || one.run.state !== 'unknown') continue;
      if (isFromBefore(run, one) || (run.rollbacks ?? 0) > 0) continue;
      if (!one.rollback || !isFinalStep(one.rollback.state)) expect([run.id, one.name, one.slot?.held]).toEqual([run.id, one.name, true]);
    }
  }
};

/** All that the system promises in the end: commands are carried out, pauses are over, UNKNOWNs are settled, slots are looked at. */
const bringHome = (world: SlotWorld): void => {
  for (let round = 0; round < 200 && ids(world).some((id) => !isFinalRun(world.run(id).state)); round += 1) {
    for (const command of world.open()) world.ends(command, 'success');
    for (const id of ids(world)) {
      strikeRetries(world, id);
      for (const name of unknownSteps(world, id)) world.feed(id, { kind: 'resolve', step: name, ran: false, by: 'alice' });
    }
    world.settleAll();
    check(world);
    checkCommands(world);
  }
};

describe('runs that share groups and environments, whatever happens in whatever order', () => {
  it('are never more than may be, have their place for all they do, and all come to their end', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.array(move, { maxLength: 60 }), (production, moves) => {
      const world = new SlotWorld();
      world.environments = { production: { concurrency: production }, staging: { concurrency: 1 } };
      for (const [n, next] of moves.entries()) {
        world.now = new Date(world.now.getTime() + 1_000);
        carryOut(world, next, n);
        check(world);
        checkCommands(world);
        checkUnknown(world);
      }
      world.busy.clear();
      bringHome(world);
      for (const id of ids(world)) expect([id, isFinalRun(world.run(id).state)]).toEqual([id, true]);
      expect(world.places).toEqual([]);
      for (const id of ids(world)) expect([id, world.historyFaults(id)]).toEqual([id, []]);
    }), { numRuns: 300 });
  }, PATIENCE_MS);
});
