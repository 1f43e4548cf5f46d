import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelDispatch, type Fate, type Sight } from '../../spec/model-dispatch.js';
import { TIMING } from '../timing.js';

const RUNS = 500;
const PATIENCE_MS = 120_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Steps after which a dispatch whose platform answers must be settled. */
const STEPS = 2_000;

/** The platform's lists may be late, but not later than the time after which we take an absent run for surely absent; a run that we know it took, any time. */
const lagMs = fc.nat(TIMING.lookUp.quietMs - 1);
const heardOf = { arrived: fc.constantFrom<Fate['heard']>('run', 'handle', 'taken', 'nothing', 'dies'), lost: fc.constantFrom<Fate['heard']>('refused', 'error', 'again', 'nothing', 'dies') };

const fate: fc.Arbitrary<Fate> = fc.boolean().chain((arrived) => fc.record({
  arrived: fc.constant(arrived), heard: arrived ? heardOf.arrived : heardOf.lost, lagMs, pause: fc.constantFrom(undefined, undefined, undefined, 'before' as const, 'between' as const, 'after' as const),
})).chain((one) => (one.heard === 'taken' && one.pause !== 'after' ? fc.nat(HOUR_MS).map((late) => ({ ...one, lagMs: late })) : fc.constant(one)));

type Move = { what: 'advance'; fate: Fate; sight: Sight } | { what: 'wait'; ms: number } | { what: 'resume' };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('advance' as const), fate, sight: fc.constantFrom<Sight>('true', 'true', 'cannot') }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.oneof(fc.nat(3_000), fc.nat(90_000)) }) },
  { weight: 1, arbitrary: fc.constant<Move>({ what: 'resume' }) },
);

const carryOut = async (model: ModelDispatch, next: Move): Promise<void> => {
  if (next.what === 'wait') model.now += next.ms;
  else if (next.what === 'resume') await model.resume();
  else {
    Object.assign(model, { fate: next.fate, sight: next.sight });
    await model.advance();
  }
};

/** What was said of what became of it. */
const wordsOf = ({ told }: ModelDispatch): string[] => told.filter((type) => type !== 'trigger.delayed');

/** What is true at every moment. */
const check = (model: ModelDispatch, before: { fence: string; settled: boolean; state: string }): void => {
  expect(model.runs.length).toBeLessThanOrEqual(1);
  expect(Number(model.row.fence)).toBeGreaterThanOrEqual(Number(before.fence));
  if (before.settled) expect(model.row.state).toBe(before.state);
  expect(wordsOf(model).filter((type) => type !== 'trigger.unknown').length).toBeLessThanOrEqual(1);
  // What says why it takes so long is never said of what is settled, nor beside the UNKNOWN that a person was told of.
  if (wordsOf(model).length > 0) expect(model.told.at(-1)).not.toBe('trigger.delayed');
  if (model.row.state === 'FAILED') expect(model.told.at(-1)).toBe('trigger.rejected');
};

const happen = async (model: ModelDispatch, work: () => Promise<void>): Promise<void> => {
  const { fence, state, nextAt } = model.row;
  await work();
  check(model, { fence, state, settled: nextAt === null });
};

const play = async (moves: readonly Move[]): Promise<ModelDispatch> => {
  const model = new ModelDispatch();
  for (const next of moves) await happen(model, () => carryOut(model, next));
  return model;
};

/** Time goes on, senders take it up when it is due; `sight` and `later` say how that fares. */
const bringHome = async (model: ModelDispatch, later: Fate, sight: Sight): Promise<void> => {
  for (let step = 0; step < STEPS && model.row.nextAt !== null; step += 1) {
    model.now = Math.max(model.now, model.row.nextAt, model.row.leaseUntil);
    await happen(model, async () => {
      Object.assign(model, { fate: later, sight });
      await model.advance();
      await model.resume();
    });
  }
};

const GOOD: Fate = { heard: 'run', arrived: true, lagMs: 0 };

describe('a dispatch, however its sends fare and whoever carries on', () => {
  it('starts at most one run, and ends with the truth once the platform can be asked', () => fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
      const model = await play(moves);
      await bringHome(model, GOOD, 'true');
      expect(model.row.nextAt).toBeNull();
      const ran = model.runs.length > 0;
      expect(model.row.state).toBe(ran ? 'TRIGGERED' : 'FAILED');
      expect(model.told.at(-1)).toBe(ran ? 'trigger.accepted' : 'trigger.rejected');
      expect(model.row.run?.id).toBe(model.runs[0]?.run.id);
    }), { numRuns: RUNS }), PATIENCE_MS);

  it('is told UNKNOWN and never sent again where the platform cannot be asked', () => fc.assert(
    // A day of looking each.
    fc.asyncProperty(fc.array(move, { maxLength: 20 }), async (moves) => {
      const model = await play([...moves, { what: 'advance', sight: 'cannot', fate: { heard: 'nothing', arrived: true, lagMs: 0 } }]);
      const { sends } = model;
      const open = model.row.state === 'UNKNOWN' || (model.row.state === 'DISPATCHING' && model.row.sentAt !== undefined);
      fc.pre(open && model.row.nextAt !== null);
      const began = model.now;
      await bringHome(model, GOOD, 'cannot');
      expect(model.row.nextAt).toBeNull();
      expect(model.sends).toBe(sends);
      expect(model.told).toContain('trigger.unknown');
      expect(model.now - began).toBeLessThan(2 * DAY_MS);
    }), { numRuns: RUNS / 25 }), PATIENCE_MS);

  it('is found again after a person was told, and not sent once more when it is surely absent then', () => fc.assert(
    fc.asyncProperty(fc.boolean(), lagMs, async (arrived, lag) => {
      const model = await play([{ what: 'advance', sight: 'true', fate: { heard: 'nothing', arrived, lagMs: lag } }]);
      while (!model.told.includes('trigger.unknown')) {
        model.now = Math.max(model.now, model.row.nextAt!);
        await happen(model, () => carryOut(model, { what: 'advance', sight: 'cannot', fate: GOOD }));
      }
      await bringHome(model, GOOD, 'true');
      expect(wordsOf(model)).toEqual(['trigger.unknown', arrived ? 'trigger.accepted' : 'trigger.rejected']);
      expect(model.sends).toBe(1);
    }), { numRuns: 100 }), PATIENCE_MS);
});
