import fc from 'fast-check';
import { DECISIONS, type Decision, type Outcome, type RunState } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import type { Fate } from '../../test/model-truth.js';
import { ModelWorld } from '../../test/model-world.js';
import { anyFlow } from '../../test/random-flow.js';
import { RUN_MOVES, isFinalRun, isFinalStep } from './moves.js';
import type { Flow } from '../model.js';
import type { StepRecord } from './run-record.js';

// Thousands of small runs: seconds on a machine with nothing else to do.
const PATIENCE_MS = 120_000;
const RUNS = 100;
/** Rounds after which a run that has heard everything must be at its end. */
const ROUNDS = 60;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('starts' as const), echoes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('refused' as const, 'error' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lost' as const), ran: fc.boolean(), echoes: fc.boolean() }) },
);
const outcome = fc.constantFrom<Outcome>('success', 'success', 'success', 'failure', 'timeout', 'error', 'cancelled', 'skipped');

type Move =
  | { what: 'take'; at: number; fate: Fate }
  | { what: 'end'; at: number; outcome: Outcome }
  | { what: 'hear' | 'strike' | 'resolve' | 'misname' | 'resend'; at: number }
  | { what: 'vote'; at: number; decision: Decision }
  | { what: 'cancel' | 'retry' | 'rollback' };

const of = <T extends string>(what: T, most: number) => fc.record({ what: fc.constant(what), at: fc.nat(most) });

/** What may happen next, in any order: at the connectors, at the platforms, to us, by the clock, by people. */
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('take' as const), at: fc.nat(9), fate }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('end' as const), at: fc.nat(9), outcome }) },
  // Any news so far: what was heard before comes once more, what is old comes late.
  { weight: 14, arbitrary: of('hear', 60) },
  { weight: 2, arbitrary: of('strike', 9) },
  { weight: 2, arbitrary: of('resolve', 9) },
  { weight: 1, arbitrary: fc.oneof(of('misname', 9), of('resend', 9)) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('vote' as const), at: fc.nat(9), decision: fc.constantFrom(...DECISIONS) }) },
  { weight: 1, arbitrary: fc.constant<Move>({ what: 'cancel' }) },
  { weight: 2, arbitrary: fc.constant<Move>({ what: 'retry' }) },
  { weight: 1, arbitrary: fc.constant<Move>({ what: 'rollback' }) },
);

const timers = ({ world }: ModelWorld): string[] => [...world.timers.keys()];

const chosen = <T>(list: readonly T[], { at }: { at: number }, work: (one: T) => void): void => {
  if (list.length > 0) work(list[at % list.length]!);
};

const carryOut = (world: ModelWorld, next: Move): void => {
  switch (next.what) {
    case 'take':
      return chosen(world.open(), next, (id) => world.take(id, next.fate));
    case 'end':
      return chosen(world.running(), next, (id) => world.end(id, next.outcome));
    case 'hear':
      return chosen(world.news, next, (news) => world.hear(news));
    case 'strike':
      return chosen(timers(world), next, (key) => world.strike(key));
    case 'resolve':
      return chosen(world.unknown(), next, (step) => world.resolve(step));
    case 'misname':
      return chosen(world.unknown(), next, (step) => world.misname(step));
    case 'resend':
      return chosen(world.unknown(), next, (step) => world.resend(step));
    case 'vote':
      return chosen(world.asked(), next, (approval) => world.vote(approval, next.decision));
    case 'cancel':
      return world.cancel();
    case 'retry':
      return world.retry();
    case 'rollback':
      return world.rollBack();
  }
};

/** What was ordered to go on may come to its next state at once. */
const movesFrom = (state: RunState): readonly RunState[] =>
  (isFinalRun(state) ? RUN_MOVES[state].flatMap((next) => [next, ...RUN_MOVES[next]]) : RUN_MOVES[state]);

/** Everything that must be true after each thing that happened. */
const check = (world: ModelWorld, before: { state: string; version: number; json: string }): void => {
  const { run } = world.world;
  const announced = world.world.effects.filter(({ kind }) => kind === 'event').length;
  expect(run.version).toBe(announced);
  if (before.state !== run.state) expect(movesFrom(before.state as RunState)).toContain(run.state);
  expect(run.version).toBe(before.version + (JSON.stringify({ ...world.world.snapshot(), version: 0 }) === before.json ? 0 : 1));
  for (const step of run.steps) checkStep(world, step);
  if (!isFinalRun(run.state)) return;
  expect(world.forgotten()).toEqual([]);
  for (const step of run.steps) expect(isFinalStep(step.run.state) || step.run.state === 'unknown').toBe(true);
};

const checkStep = (world: ModelWorld, { name, run: work, rollback }: StepRecord): void => {
  const tries = work.attempts.length - (work.before ?? 0);
  expect(work.gate !== undefined).toBe(work.state === 'waiting' && tries === 0);
  // An UNKNOWN from before a retry is one still; what it may send is watched where commands leave.
  if (tries > 0 && work.stale !== work.attempts.length) for (const need of world.needsOf(name)) expect(isFinalStep(world.world.run.steps.find((step) => step.name === need)!.run.state)).toBe(true);
  for (const { attempts } of rollback ? [work, rollback] : [work]) {
    for (const attempt of attempts.slice(0, -1)) expect(isFinalStep(attempt.state)).toBe(true);
    // Whoever waits for a command that another one took the place of would wait for ever.
    for (const { commands } of attempts) for (const earlier of commands.slice(0, -1)) expect(world.givenUp()).toContain(earlier);
  }
};

const seen = ({ world }: ModelWorld) => ({ state: world.run.state, version: world.run.version, json: JSON.stringify({ ...world.snapshot(), version: 0 }) });

const happen = (world: ModelWorld, work: () => void): void => {
  const before = seen(world);
  work();
  check(world, before);
};

/** What the system promises to bring in the end: commands are taken, runs end, news arrives, a person settles what is UNKNOWN. */
const bringHome = (world: ModelWorld, last: Outcome): void => {
  for (let round = 0; round < ROUNDS && !isFinalRun(world.world.run.state); round += 1) {
    for (const id of world.open()) happen(world, () => world.take(id, { kind: 'starts', echoes: false }));
    for (const id of world.running()) happen(world, () => world.end(id, last));
    for (const news of [...world.news]) happen(world, () => world.hear(news));
    for (const step of world.unknown()) if (world.unknown().includes(step)) happen(world, () => world.resolve(step));
    for (const approval of world.asked()) happen(world, () => world.vote(approval, 'approve'));
    for (const key of timers(world).filter((name) => /:(retry|gate)$/.test(name))) if (world.world.timers.has(key)) happen(world, () => world.strike(key));
  }
};

const playOut = (flow: Flow, moves: readonly Move[], last: Outcome): ModelWorld => {
  const world = new ModelWorld(flow);
  for (const next of moves) happen(world, () => carryOut(world, next));
  bringHome(world, last);
  expect(world.world.historyFaults()).toEqual([]);
  return world;
};

const endOf = ({ world }: ModelWorld) => ({
  state: world.run.state,
  steps: world.run.steps.map(({ name, run, rollback }) => ({ name, state: run.state, outcome: run.outcome, tries: run.attempts.length, rollback: rollback?.state })),
});

describe('a run, whatever happens to it in whatever order', () => {
  it('moves by the table, counts each change once, starts nothing twice, and ends', () => {
    fc.assert(fc.property(anyFlow(), fc.array(move, { maxLength: 80 }), outcome, (flow, moves, last) => {
      const world = playOut(flow, moves, last);
      expect(isFinalRun(world.world.run.state)).toBe(true);
      expect(timers(world)).toEqual([]);
    }), { numRuns: RUNS });
  }, PATIENCE_MS);

  it('stays as it ended when everything is said once more', () => {
    fc.assert(fc.property(anyFlow(), fc.array(move, { maxLength: 60 }), outcome, fc.array(of('hear', 60), { maxLength: 40 }), (flow, moves, last, again) => {
      const world = playOut(flow, moves, last);
      const [end, commands] = [endOf(world), world.starting()];
      for (const next of again) happen(world, () => carryOut(world, next));
      expect(endOf(world)).toEqual(end);
      expect(world.starting()).toEqual(commands);
    }), { numRuns: RUNS });
  }, PATIENCE_MS);

  // What was heard before may come again at any later moment; between the two nothing else is different. But for a command that a person sends
  // once more, under the same id: its old "unknown" is no other word than a new one.
  it('ends the same, by the same commands, when news is doubled and late', () => {
    fc.assert(fc.property(anyFlow(), fc.array(move.filter(({ what }) => what !== 'resend'), { maxLength: 60 }), outcome, fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 60 }), (flow, moves, last, echoes) => {
      const heard: number[] = [];
      const calm = new ModelWorld(flow);
      const noisy = new ModelWorld(flow);
      for (const [turn, next] of moves.entries()) {
        if (next.what === 'hear' && calm.news.length > 0) heard.push(next.at % calm.news.length);
        for (const world of [calm, noisy]) happen(world, () => carryOut(world, next));
        for (const [at, which] of echoes) if (at === turn && heard.length > 0) happen(noisy, () => noisy.hear(noisy.news[heard[which % heard.length]!]!));
      }
      for (const world of [calm, noisy]) bringHome(world, last);
      expect(endOf(noisy)).toEqual(endOf(calm));
      expect(noisy.starting()).toEqual(calm.starting());
    }), { numRuns: RUNS });
  }, PATIENCE_MS);
});
