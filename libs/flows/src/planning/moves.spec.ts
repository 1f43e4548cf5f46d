import { FINAL_RUN_STATES, FINAL_STEP_STATES, type RunState, type StepState } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_MOVES, ForbiddenMove, ROLLBACK_MOVES, RUN_MOVES, STEP_MOVES, moveAttempt, moveRun, moveWork } from './moves.js';

const MACHINES = {
  run: { moves: RUN_MOVES, to: (from: string, to: string) => moved({ state: from as RunState }, (one) => moveRun(one, to as RunState)) },
  step: { moves: STEP_MOVES, to: (from: string, to: string) => moved({ state: from as StepState }, (one) => moveWork(one, 'run', to as StepState)) },
  rollback: { moves: ROLLBACK_MOVES, to: (from: string, to: string) => moved({ state: from as StepState }, (one) => moveWork(one, 'rollback', to as StepState)) },
  attempt: { moves: ATTEMPT_MOVES, to: (from: string, to: string) => moved({ state: from as StepState }, (one) => moveAttempt(one, to as StepState)) },
};

const moved = <T extends { state: string }>(one: T, work: (one: T) => void): string => {
  try {
    work(one);
  } catch (error) {
    if (error instanceof ForbiddenMove) return `${one.state}: ${error.message}`;
    throw error;
  }
  return one.state;
};

const final = (machine: string): readonly string[] => (machine === 'run' ? FINAL_RUN_STATES : FINAL_STEP_STATES);

describe.each(Object.entries(MACHINES))('the table of moves of a %s', (machine, { moves, to }) => {
  const table = moves as Record<string, readonly string[]>;
  const states = Object.keys(table);

  it('lets through what it has, refuses all else by name, and then nothing has moved', () => {
    for (const from of states) {
      for (const next of states.filter((state) => state !== from)) {
        expect(to(from, next)).toBe(table[from]!.includes(next)
          ? next : `${from}: ${machine === 'attempt' ? 'an' : 'a'} ${machine} cannot go from ${from} to ${next}: its table of moves does not have that`);
      }
    }
  });

  it('has only states that there are, and no move to where one is', () => {
    for (const [from, targets] of Object.entries(table)) for (const next of targets) expect([from === next, states.includes(next)]).toEqual([false, true]);
  });

  it('leads from no end to another end', () => {
    for (const end of final(machine)) for (const next of table[end]!) expect([end, next, final(machine).includes(next)]).toEqual([end, next, false]);
  });
});

describe('the end', () => {
  it('of an attempt is for ever, that of all else is left by an order to do it anew only', () => {
    for (const end of FINAL_STEP_STATES) expect([ATTEMPT_MOVES[end], STEP_MOVES[end], ROLLBACK_MOVES[end]]).toEqual([[], ['pending'], ['pending']]);
    expect(RUN_MOVES.succeeded).toEqual(['rolling-back']);
    for (const end of ['failed', 'cancelled', 'rolled-back'] as const) expect(RUN_MOVES[end]).toEqual(['running', 'queued', 'rolling-back']);
  });
});
