import { describe, expect, it } from 'vitest';
import { afterReading, nextReading } from './delivery-cursor.js';

const now = new Date('2026-11-24T12:00:00Z');
const from = (cursor: Parameters<typeof nextReading>[0]): string => nextReading(cursor, now).from.toISOString();

describe('the log is read', () => {
  it('three days back at first, which is what GitHub keeps', () => expect(from({})).toBe('2026-11-21T12:00:00.000Z'));
  it('from where the last reading stopped, with a little overlap', () =>
    expect(from({ readTo: '2026-11-24T11:59:00Z', deep: { at: '2026-11-24T11:50:00Z', to: '2026-11-24T11:49:00Z' } })).toBe('2026-11-24T11:58:30.000Z'));
  it('every now and then further back, for what came into the log late', () =>
    expect(nextReading({ readTo: '2026-11-24T11:59:00Z', deep: { at: '2026-11-24T11:40:00Z', to: '2026-11-24T11:40:00Z' } }, now))
      .toEqual({ from: new Date('2026-11-24T11:30:00Z'), deep: true }));
  it('never further back than GitHub keeps it', () => expect(from({ readTo: '2026-11-01T00:00:00Z' })).toBe('2026-11-21T12:00:00.000Z'));
  it('to the newest that was there when the reading began', () => {
    const cursor = { readTo: 'a', reading: { page: 'p', from: 'f', top: 't', deep: true } };
    expect(afterReading(cursor, { top: 't', deep: true }, now)).toEqual({ readTo: 't', deep: { at: now.toISOString(), to: 't' } });
    expect(afterReading({ readTo: 'a' }, { top: undefined, deep: false }, now)).toEqual({ readTo: 'a' });
  });
});
