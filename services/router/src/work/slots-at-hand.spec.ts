import type { Place } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { SlotsAtHand } from './slots-at-hand.js';

const SLOT = { scope: 'environment', key: 'production' };

const place = (run: string, held: boolean, more: Partial<Place> = {}): Place =>
  ({ ...SLOT, run, step: 'deploy', flow: 'shop', limit: 1, whenFull: 'queue', held, displaced: false, rollingBack: false, ...more });

const runsIn = (slots: SlotsAtHand): string[] | undefined => slots.places(SLOT)?.map(({ run, held }) => `${run} ${held ? 'holds' : 'waits'}`);

describe('the slots of one transaction', () => {
  it('are seen only when they are locked', () => {
    const slots = new SlotsAtHand();
    slots.put(place('a', false));
    expect([slots.has(SLOT), runsIn(slots)]).toEqual([false, undefined]);
    slots.load(SLOT, []);
    expect([slots.has(SLOT), runsIn(slots)]).toEqual([true, ['a waits']]);
  });

  it('show what the transaction has changed, also before it saw them; who comes anew stands behind all others', () => {
    const slots = new SlotsAtHand();
    slots.free('a', 'deploy');
    slots.load(SLOT, [place('a', true), place('b', false), place('c', false)]);
    slots.put(place('b', true));
    slots.put(place('d', false));
    slots.put(place('d', false, { step: 'again' }));
    expect(runsIn(slots)).toEqual(['c waits', 'b holds', 'd waits', 'd waits']);
    slots.put(place('b', false));
    expect(runsIn(slots)?.at(-1)).toBe('b waits');
  });

  it('leave alone what is of another slot', () => {
    const slots = new SlotsAtHand();
    slots.load(SLOT, []);
    slots.put(place('a', true, { key: 'staging' }));
    expect(runsIn(slots)).toEqual([]);
  });

  it('are written down once a place, as it is in the end', () => {
    const slots = new SlotsAtHand();
    slots.put(place('a', true));
    slots.free('a', 'deploy');
    slots.free('b', undefined);
    slots.put(place('b', true, { step: undefined }));
    expect(slots.changes.map(({ run, place: now }) => [run, now?.held])).toEqual([['a', undefined], ['b', true]]);
  });

  it('of whom somebody waits for without having seen who is in it are remembered', () => {
    const slots = new SlotsAtHand();
    slots.unseen(SLOT);
    expect([slots.isUnseen(SLOT), slots.isUnseen({ ...SLOT, key: 'staging' })]).toEqual([true, false]);
  });
});
