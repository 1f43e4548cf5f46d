import { describe, expect, it } from 'vitest';
import { placeOf, type Sibling } from './place.js';

const AT = '2026-01-01T00:00:05.000Z';
const sibling = (order: number, state: string, attempts = state === 'pending' ? 0 : 1): Sibling => ({ run: 'r', order, at: AT, state, attempts });
const people = { run: 'r', order: 5, at: AT, takesLate: false };
const program = { ...people, takesLate: true };

describe('a message about a run', () => {
  it('goes at once when nothing else of the run is open', () => {
    expect(placeOf(people, [])).toBe('send');
    expect(placeOf(people, [sibling(1, 'delivered'), sibling(2, 'dead'), sibling(3, 'unknown'), sibling(4, 'superseded')])).toBe('send');
  });
  it('waits for one before it that is being sent or was not tried yet', () => {
    expect(placeOf(people, [sibling(1, 'sending')])).toBe('wait');
    expect(placeOf(program, [sibling(1, 'pending')])).toBe('wait');
  });
  it('does not wait for one before it that has failed and is tried again', () => expect(placeOf(people, [sibling(1, 'pending', 2)])).toBe('send'));
  it.each(['sending', 'delivered', 'unknown'])('is not told to people when a later one is %s', (state) => expect(placeOf(people, [sibling(6, state)])).toBe('superseded'));
  it.each(['pending', 'dead', 'superseded'])('is told to people when a later one is %s: they have not heard it', (state) =>
    expect(placeOf(people, [sibling(6, state)])).toBe('send'));
  it('is told within a run by versions, whatever clocks say', () => {
    expect(placeOf(people, [{ ...sibling(6, 'delivered'), at: '2025-01-01T00:00:00Z' }])).toBe('superseded');
    expect(placeOf(people, [{ ...sibling(4, 'delivered'), at: '2027-01-01T00:00:00Z' }])).toBe('send');
  });
  it('goes to a program though a later one was delivered', () => expect(placeOf(program, [sibling(6, 'delivered')])).toBe('send'));
});

describe('a message about an incident of several runs', () => {
  const ofOther = (at: string, state: string, attempts?: number): Sibling => ({ ...sibling(1, state, attempts), run: 'other', at });
  const [BEFORE, AFTER] = ['2026-01-01T00:00:04Z', '2026-01-01T00:00:06Z'];

  it('is not told when what happened in a later run is known: it would open again what has been resolved', () => {
    expect(placeOf(people, [ofOther(AFTER, 'delivered')])).toBe('superseded');
    expect(placeOf(people, [ofOther(AFTER, 'sending')])).toBe('superseded');
    expect(placeOf(people, [ofOther(BEFORE, 'delivered'), ofOther(AFTER, 'pending'), ofOther(AFTER, 'dead')])).toBe('send');
  });
  it('waits for what another run is just saying, and for nothing else of it: no two runs wait for each other', () => {
    expect(placeOf(people, [ofOther(BEFORE, 'sending')])).toBe('wait');
    expect(placeOf(people, [ofOther(BEFORE, 'pending')])).toBe('send');
  });
});
