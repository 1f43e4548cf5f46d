import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purgeBelow, type Filling } from './stream-room.js';

const filling = (more: Partial<Filling> = {}): Filling =>
  ({ firstSequence: 1, lastSequence: 100, messages: 100, bytes: 1_000, maxBytes: 1_000, unsettled: [undefined], ...more });

describe('what a stream gives up to make room', () => {
  it('is nothing while it is at most 70 % full: history is what replays are made of', () => {
    expect(purgeBelow(filling({ bytes: 700 }))).toBeUndefined();
    expect(purgeBelow(filling({ bytes: 710 }))).toBe(1 + Math.ceil(210 / 7.1));
  });

  it('is the oldest half of a full one of which all is settled', () => {
    expect(purgeBelow(filling())).toBe(51);
  });

  it('is nothing that some consumer has not settled', () => {
    expect(purgeBelow(filling({ unsettled: [undefined, 21, 90] }))).toBe(21);
    expect(purgeBelow(filling({ unsettled: [1] }))).toBeUndefined();
  });

  it('never reaches what is not settled, nor what came after the consumers were asked', () => {
    const sequence = fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined });
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 9_999 }), fc.array(sequence),
      (firstSequence, more, bytes, unsettled) => {
        const lastSequence = firstSequence + more;
        const below = purgeBelow(filling({ firstSequence, lastSequence, bytes, unsettled }));
        if (below === undefined) return;
        expect(below).toBeLessThanOrEqual(lastSequence + 1);
        for (const kept of unsettled) if (kept !== undefined) expect(below).toBeLessThanOrEqual(kept);
      }));
  });
});
