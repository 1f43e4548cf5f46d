import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshJournal } from '../spec/hook-receiver.js';
import { Store } from './store.js';

describe('the memory of a simulator', () => {
  it('is whole after a kill, even in the middle of a line', async () => {
    const file = freshJournal();
    const before = new Store(file);
    before.table<{ state: string }>('runs').put('1', { state: 'queued' });
    before.table<{ state: string }>('runs').put('2', { state: 'queued' });
    before.table<{ state: string }>('runs').put('1', { state: 'ended' });
    before.table('runs').delete('2');
    expect([before.next('run'), before.next('run')]).toEqual([1, 2]);
    await before.saved();
    appendFileSync(file, '{"table":"runs","key":"3","val');
    const after = new Store(file);
    expect(after.table('runs').values()).toEqual([{ state: 'ended' }]);
    expect(after.next('run')).toBe(3);
    await after.saved();
    const again = new Store(file);
    expect([again.table('runs').get(1), again.next('run')]).toEqual([{ state: 'ended' }, 4]);
  });
});
