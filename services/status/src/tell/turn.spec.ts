import { describe, expect, it } from 'vitest';
import { turnOf } from './turn.js';

describe('a version of a run is told', () => {
  it('when the one before it is', () => expect(turnOf({ before: 'told', overtaken: false }, 0, false)).toBe('now'));
  it('not while the one before is recorded and not told', () => expect(turnOf({ before: 'untold', overtaken: false }, 20_000, true)).toBe('wait'));
  it('not while the one before may still come', () => {
    expect(turnOf({ before: 'missing', overtaken: false }, 10, true)).toBe('wait');
    expect(turnOf({ before: 'missing', overtaken: false }, 20_000, false)).toBe('wait');
  });
  it('when the one before will not come: nothing before it is left to be handled', () =>
    expect(turnOf({ before: 'missing', overtaken: false }, 1_000, true)).toBe('now'));
  it('when it has waited longer than anything is held', () => expect(turnOf({ before: 'untold', overtaken: false }, 30_000, false)).toBe('now'));
  it('never behind a later one', () => expect(turnOf({ before: 'told', overtaken: true }, 0, true)).toBe('late'));
});
