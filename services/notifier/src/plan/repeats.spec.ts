import { describe, expect, it } from 'vitest';
import { fateOf, isCounted, topicOf, type Manner, type Topic } from './repeats.js';
import type { Word } from './transition.js';

const MINUTE = 60_000;
const now = new Date('2026-01-01T12:00:00Z');
const before = (minutes: number, word: Word = 'failed', times = 1): Topic => ({ word, times, run: 'old', saidAt: new Date(now.getTime() - minutes * MINUTE) });
const fate = (known: Topic | undefined, manner: Manner, word: Word = 'failed') => fateOf(known, { word, run: 'new' }, manner, now);
const bot: Manner = { living: true };
const spared: Manner = { sameMs: 10 * MINUTE };

describe('what becomes of a message', () => {
  it('it is said when it is the first, or when something else was said', () => {
    expect(fate(undefined, spared)).toEqual({ counted: false, repeats: 0, silent: false, topic: { word: 'failed', times: 1, run: 'new', saidAt: now } });
    expect(fate(before(1, 'recovered', 7), spared)).toMatchObject({ counted: false, repeats: 0, topic: { times: 1 } });
  });

  it('it is counted within `same`, and the time does not begin anew', () => {
    expect(fate(before(9), spared)).toMatchObject({ counted: true, topic: { times: 2, run: 'old', saidAt: before(9).saidAt } });
    expect(fate(before(10, 'failed', 4), spared)).toMatchObject({ counted: false, repeats: 4, topic: { times: 5, run: 'new', saidAt: now } });
  });

  it('failures go on counting until something else is; successes only say what was not said', () => {
    expect(fate(before(11, 'succeeded', 4), spared, 'succeeded')).toMatchObject({ counted: false, repeats: 4, topic: { times: 1 } });
    expect(fate(before(11, 'succeeded', 1), spared, 'succeeded')).toMatchObject({ counted: false, repeats: 0 });
    expect(fate(before(600, 'failed', 2), {})).toMatchObject({ counted: false, repeats: 2, topic: { times: 3 } });
  });

  it('a bot says it in the message of the one before, for a day; within `same` nobody is told', () => {
    expect(fate(before(23 * 60), bot)).toMatchObject({ counted: false, silent: false, follows: 'old', repeats: 1, topic: { run: 'new' } });
    expect(fate(before(24 * 60), bot)).not.toHaveProperty('follows');
    expect(fate(before(9), { ...bot, ...spared })).toMatchObject({ counted: false, silent: true, follows: 'old', topic: { run: 'new', saidAt: before(9).saidAt } });
    expect(fate(before(11, 'succeeded'), { ...bot, ...spared }, 'succeeded')).not.toHaveProperty('follows');
    expect(fate({ ...before(1), run: 'new' }, bot)).not.toHaveProperty('follows');
  });
});

describe('what is counted', () => {
  it('failures everywhere, all else where it is wanted, and people who are awaited never', () => {
    const words: Word[] = ['failed', 'succeeded', 'started', 'missing', 'approval', 'waiting'];
    const counted = (manner: Manner) => words.filter((word) => isCounted(word, manner));
    expect(counted({})).toEqual(['failed']);
    expect(counted(spared)).toEqual(['failed', 'succeeded', 'started', 'missing']);
    // The start of one run must not take over the message of another that goes on.
    expect(counted({ ...bot, ...spared })).toEqual(['failed', 'succeeded']);
  });

  it('by flow, repository and branch; how a run ended apart from the rest', () => {
    const one = { word: 'failed' as const, flow: 'release', repository: 'acme/shop', branch: 'main' };
    expect(topicOf({ ...one, word: 'recovered' })).toBe(topicOf(one));
    for (const other of [{ branch: 'next' }, { repository: 'acme/web' }, { flow: 'nightly' }, { word: 'started' as const }, { branch: undefined }]) expect(topicOf({ ...one, ...other })).not.toBe(topicOf(one));
  });

  it('of a join by its pipeline, whichever part came last', () => {
    const one = { word: 'failed' as const, flow: 'release', repository: 'acme/shop', branch: 'main' };
    const joined = { ...one, repository: 'group/scan', branch: 'master', pipeline: { repository: 'acme/shop', branch: 'main' } };
    expect(topicOf(joined)).toBe(topicOf(one));
    expect(topicOf({ ...joined, pipeline: { repository: 'acme/shop' } })).toBe(topicOf({ ...one, branch: undefined }));
  });
});
