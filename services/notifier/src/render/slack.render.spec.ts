import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNotice, anyText } from '../../test/notices.js';
import type { Notice } from '../plan/notice.js';
import { slackMessage, slackThreadLine } from './slack.render.js';

/** https://docs.slack.dev/reference/block-kit/blocks; the whole may still fail at about 13,000 characters. */
const LIMITS = { blocks: 50, section: 3_000, elements: 10, element: 3_000, whole: 13_000 };

const anything = anyNotice(undefined, anyText);

// Slack's own types: the compiler refuses what the block kit does not know.
const blocksOf = (notice: Notice): KnownBlock[] => slackMessage(notice).blocks;

const textsOf = (block: KnownBlock): { text: string; limit: number }[] => {
  if (block.type === 'section') return [{ text: block.text!.text, limit: LIMITS.section }];
  if (block.type !== 'context') throw new Error(`a ${block.type} block: its limits are not checked here`);
  expect(block.elements.length).toBeLessThanOrEqual(LIMITS.elements);
  return block.elements.map((element) => ({ text: 'text' in element ? element.text : '', limit: LIMITS.element }));
};

describe('a Slack message, whatever comes', () => {
  it('is made of blocks that Slack knows, none empty, none too long', () => {
    fc.assert(fc.property(anything, (notice) => {
      const blocks = blocksOf(notice);
      expect(blocks.length).toBeGreaterThan(0);
      expect(blocks.length).toBeLessThanOrEqual(LIMITS.blocks);
      for (const { text, limit } of blocks.flatMap(textsOf)) {
        expect(text.trim()).not.toBe('');
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.isWellFormed()).toBe(true);
      }
      const message = slackMessage(notice);
      expect(message.text.trim()).not.toBe('');
      expect(JSON.stringify(message).length).toBeLessThan(LIMITS.whole);
    }), { numRuns: 300 });
  });

  it('of many runs stays within the limits, names as many as fit, and says how many did not', () => {
    fc.assert(fc.property(fc.array(anything, { minLength: 2, maxLength: 70 }), anything, (gathered, notice) => {
      const { blocks } = slackMessage({ ...notice, word: 'digest', gathered, more: 8_000 });
      const texts = blocks.flatMap(textsOf);
      expect(blocks.length).toBeLessThanOrEqual(LIMITS.blocks);
      for (const { text, limit } of texts) expect([text.trim() !== '', text.length <= limit, text.isWellFormed()]).toEqual([true, true, true]);
      expect(texts.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(LIMITS.whole);
      const more = Number(/^(?:<[^|]*\|)?and (\d+) more>?$/.exec(texts.at(-1)!.text)?.[1] ?? 0);
      expect(blocks.filter(({ type }) => type === 'section').length - 1 + more).toBe(gathered.length + 8_000);
    }), { numRuns: 20 });
  });

  it('in a thread is one line, within the limits', () => {
    fc.assert(fc.property(anything, (notice) => {
      const texts: { text: string; limit: number }[] = (slackThreadLine(notice).blocks as KnownBlock[]).flatMap(textsOf);
      expect(texts).toHaveLength(1);
      for (const { text, limit } of texts) expect([text.includes('\n'), text.length <= limit, text.isWellFormed()]).toEqual([false, true, true]);
    }), { numRuns: 50 });
  });

  it('is within a section where every text is as long as can be, and escaped', () => {
    const long = '&'.repeat(9_000);
    const url = `https://ci.example/${'a'.repeat(400)}`;
    const notice: Notice = {
      word: 'rolled-back', at: '2026-01-01T00:03:24.000Z', run: 'r', flow: long, attempt: 2, version: 1, state: 'failed', url, steps: [],
      reason: long, repository: long, branch: long, sha: long, title: long, actor: long, step: { name: long, state: long, reason: long, url },
    };
    const [{ text } = { text: '' }] = blocksOf(notice).flatMap(textsOf);
    expect(text.length).toBeLessThanOrEqual(LIMITS.section);
    expect(text.match(/&(?!amp;)/g)).toBeNull();
    expect(text.split(url)).toHaveLength(3);
  });
});
