import { describe, expect, it } from 'vitest';
import { placeOf, type Sibling } from './place.js';

const sibling = (order: number, state: string, attempts = state === 'pending' ? 0 : 1): Sibling => ({ order, state, attempts });
const people = { order: 5, repeatable: false };
const program = { order: 5, repeatable: true };

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
  it('goes to a program though a later one was delivered', () => expect(placeOf(program, [sibling(6, 'delivered')])).toBe('send'));
});
