import { describe, expect, it } from 'vitest';
import { digestOf, gatherMore, MOST_SHOWN, NOTHING_YET, type Gathering, type Judged } from './gather.js';
import type { Notice } from './notice.js';
import { UNCOUNTED } from './repeats.js';
import type { Word } from './transition.js';

const notice = (run: string, word: Word, some: Partial<Notice> = {}): Notice => ({
  word, run, at: `2026-01-01T00:00:0${run}.000Z`, flow: 'release', attempt: 1, version: 1, state: word, url: `https://ci.example.com/sub/runs/${run}`, branch: `b${run}`, steps: [], ...some,
});
const judged = (one: Notice, fate: Judged['fate'] = UNCOUNTED): Judged => ({ notice: one, fate });
const after = (...pages: Judged[][]): Gathering => pages.reduce(gatherMore, NOTHING_YET);
const digest = (...pages: Judged[][]): Notice | undefined => digestOf(after(...pages), 'digest:1');
const runsOf = (told: Notice | undefined): string[] => told!.gathered!.map(({ run, word }) => `${run} ${word}`);

describe('what is gathered', () => {
  it('is nothing when there is nothing, and the message itself when it is one', () => {
    expect(digest([])).toBeUndefined();
    expect(digest([judged(notice('1', 'failed'))], [])).toEqual(notice('1', 'failed'));
  });

  it('is in whatever pages what failed first, then as it happened', () => {
    const [failed, succeeded, started] = [judged(notice('2', 'failed')), judged(notice('1', 'succeeded')), judged(notice('3', 'started'))];
    const whole = digest([succeeded, failed, started]);
    expect(whole).toMatchObject({ word: 'digest', run: 'digest:1', flow: '3 runs', url: 'https://ci.example.com/sub', at: '2026-01-01T00:00:03.000Z' });
    expect(runsOf(whole)).toEqual(['2 failed', '1 succeeded', '3 started']);
    expect(whole!.reason).toBe('release failed (b2); release succeeded (b1); release started (b3)');
    expect(whole!.more).toBeUndefined();
    expect(digest([succeeded], [failed], [started])).toEqual(whole);
  });

  it('leaves out what was the same before, and shows the newest of the same within, also of a page before', () => {
    const main = { branch: 'main' };
    const pages = [judged(notice('1', 'failed', main)), judged(notice('2', 'failed'), { counted: true, repeats: 2 }), judged(notice('4', 'failed', main), { counted: true, repeats: 4 })];
    expect(digest(pages)).toMatchObject({ run: '4', repeats: 4 });
    expect(digest(...pages.map((one) => [one]))).toEqual(digest(pages));
  });

  it('tells runs of joins apart by their pipeline, whichever part came last', () => {
    const last = { repository: 'acme/last', branch: 'main' };
    const of = (run: string, repository: string) => notice(run, 'failed', { ...last, pipeline: { repository, branch: 'main' } });
    const told = digest([judged(of('1', 'acme/one')), judged(of('2', 'acme/two')), judged({ ...of('3', 'acme/one'), repository: 'acme/other' }, { counted: true, repeats: 1 })]);
    expect(runsOf(told)).toEqual(['2 failed', '3 failed']);
  });

  it('is of one size however many they are: the most important are shown, all others are a number', () => {
    const many = Array.from({ length: 1_000 }, (_, n) => judged(notice('1', n === 900 ? 'failed' : 'succeeded', { run: String(n), at: new Date(Date.UTC(2026, 0, 1) + n).toISOString() })));
    const told = digest(...[0, 250, 500, 750].map((from) => many.slice(from, from + 250)))!;
    expect([told.flow, told.gathered!.length, told.more]).toEqual(['1000 runs', MOST_SHOWN, 1_000 - MOST_SHOWN]);
    expect(runsOf(told).slice(0, 3)).toEqual(['900 failed', '0 succeeded', '1 succeeded']);
    expect(told.reason).toMatch(/and 990 more$/);
  });

  it('counts once what repeats something that is no longer shown', () => {
    const first = Array.from({ length: MOST_SHOWN + 1 }, (_, n) => judged(notice('1', 'failed', { run: String(n), branch: String(n), at: new Date(Date.UTC(2026, 0, 1) + n).toISOString() })));
    const again = judged(notice('9', 'failed', { run: 'again', branch: String(MOST_SHOWN) }), { counted: true, repeats: 1 });
    const told = digest(first, [again])!;
    expect([told.flow, told.more]).toEqual([`${MOST_SHOWN + 1} runs`, 1]);
    expect(runsOf(told)).not.toContain('again failed');
  });
});
