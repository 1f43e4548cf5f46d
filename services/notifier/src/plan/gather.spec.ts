import { describe, expect, it } from 'vitest';
import { gather } from './gather.js';
import type { Notice } from './notice.js';
import { UNCOUNTED } from './repeats.js';
import type { Word } from './transition.js';

const notice = (run: string, word: Word, some: Partial<Notice> = {}): Notice => ({
  word, run, at: `2026-01-01T00:00:0${run}.000Z`, flow: 'release', attempt: 1, version: 1, state: word, url: `https://ci.example.com/sub/runs/${run}`, branch: `b${run}`, steps: [], ...some,
});
const gathered = (...notices: Notice[]) => gather(notices, 'digest:1', () => Promise.resolve(UNCOUNTED));

describe('what is gathered', () => {
  it('is nothing when there is nothing, and the message itself when it is one', async () => {
    expect(await gathered()).toBeUndefined();
    expect(await gathered(notice('1', 'failed'))).toEqual(notice('1', 'failed'));
  });

  it('is one entry a run, its newest whatever came first, and what failed first', async () => {
    const digest = await gathered(notice('1', 'succeeded', { version: 5 }), notice('1', 'started'), notice('2', 'failed'), notice('3', 'started'));
    expect(digest).toMatchObject({ word: 'digest', run: 'digest:1', flow: '3 runs', url: 'https://ci.example.com/sub', at: '2026-01-01T00:00:03.000Z' });
    expect(digest!.gathered!.map(({ run, word }) => [run, word])).toEqual([['2', 'failed'], ['1', 'succeeded'], ['3', 'started']]);
    expect(digest!.reason).toBe('release failed (b2); release succeeded (b1); release started (b3)');
  });

  it('leaves out what was the same before, and shows the newest of the same within', async () => {
    const asked: string[] = [];
    const digest = await gather([notice('3', 'failed', { branch: 'main' }), notice('1', 'failed', { branch: 'main' }), notice('2', 'failed'), notice('4', 'failed', { branch: 'main' })], 'd', ({ run }) => {
      asked.push(run);
      return Promise.resolve({ counted: run !== '1', repeats: Number(run), silent: false });
    });
    expect(asked).toEqual(['1', '2', '3', '4']);
    expect(digest).toMatchObject({ run: '4', repeats: 4 });
  });
});
