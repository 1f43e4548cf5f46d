import type { RunSnapshot } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { compareCursors, formatCursor, parseCursor } from './change-cursor.js';
import { ChangeWindow } from './change-window.js';

const change = (at: number, run = 'a') => ({ cursor: { change: String(at), run }, run: { id: run } as RunSnapshot });

describe('the cursor of the stream', () => {
  it('survives being written and read', () => {
    const cursor = { change: '18446744073709551615', run: '0198-a.b' };
    expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  });
  it('orders by transaction as a number, then by run', () => {
    expect(compareCursors({ change: '9', run: 'z' }, { change: '10', run: 'a' })).toBe(-1);
    expect(compareCursors({ change: '10', run: 'b' }, { change: '10', run: 'a' })).toBe(1);
  });
  it('is refused when it is none', () => expect(parseCursor("1'; --")).toBeUndefined());
});

describe('the window of changes', () => {
  it('gives a reader what came behind its place', () => {
    const window = new ChangeWindow({ change: '1', run: '~' }, 10);
    window.add([change(2), change(3)]);
    expect(window.behind({ change: '2', run: 'a' })).toEqual([change(3)]);
  });
  it('sends a reader that has fallen behind to the database', () => {
    const window = new ChangeWindow({ change: '1', run: '~' }, 2);
    window.add([change(2), change(3), change(4)]);
    expect(window.behind({ change: '1', run: '~' })).toBeUndefined();
    expect(window.behind({ change: '2', run: 'a' })).toEqual([change(3), change(4)]);
  });
});
