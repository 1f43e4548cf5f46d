import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNotice, digestOf, NOTICE, saying } from '../../test/notices.js';
import type { Notice } from '../plan/notice.js';
import { teamsMessage, type TeamsCard } from './teams.render.js';

const MOST_BYTES = 28 * 1024;

const cardOf = (notice: Notice): TeamsCard => teamsMessage(notice).attachments[0].content;

/** Every text that Teams reads as markdown. */
const textsOf = ({ body, fallbackText }: TeamsCard): string[] =>
  [fallbackText, ...body.flatMap((part) => (part.type === 'TextBlock' ? [part.text] : part.facts.flatMap(({ title, value }) => [title, value])))];

describe('a card for Teams', () => {
  it('says what happened to what, why, and links run and platform', () => {
    expect(teamsMessage(NOTICE)).toMatchObject({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }] });
    expect(cardOf(NOTICE)).toMatchObject({
      type: 'AdaptiveCard',
      body: [
        { type: 'TextBlock', text: '❌ release failed' }, { text: 'Faster checkout' }, { text: 'step e2e failed' },
        { type: 'FactSet', facts: [
          { title: 'Repository', value: 'acme/shop' }, { title: 'Branch', value: 'main' }, { title: 'Commit', value: '01234567' },
          { title: 'Step', value: '[e2e](https://ci.example/job/7/) failed: 3 tests failed' }, { title: 'By', value: 'alice' }, { title: 'Duration', value: '3 min 4 s' },
        ] },
      ],
      actions: [{ type: 'Action.OpenUrl', url: 'http://127.0.0.1:8081/runs/run-1' }],
    });
  });

  it.each([
    ['a mention', '<at>everyone</at>', /<at>|<\/at>/], ['a mention in entities', '&lt;at&gt;everyone&lt;/at&gt;', /&lt;at/], ['a link', '[click](http://evil.example)', /\]\\?\(/],
    ['a bare link', 'see http://evil.example', /http:\/\/evil/], ['an image', '![x](https://evil.example/x.png)', /\]\\?\(/], ['bold', '**fire**', /(?<!\\)\*/], ['a date', '{{DATE(2026-01-01T00:00:00Z)}}', /\{\{/],
    ['a template', '${secret}', /\$\{/], ['html', '<b onclick=x>', /<b/], ['a list', '- one', /^- /], ['a numbered list', '1. one', /^1\./], ['a heading', '# one', /^# /], ['code', '`x`', /(?<!\\)`/],
  ])('makes nothing but text of %s', (_, text, active) => {
    const card = cardOf(saying(text));
    for (const shown of textsOf(card)) expect(shown).not.toMatch(active);
    expect(JSON.stringify(card)).not.toContain('javascript:');
    expect(Object.keys(card.msteams)).toEqual(['width']);
  });

  it('is within 28 KB and has no empty text, whatever comes', () => {
    fc.assert(fc.property(anyNotice(), (notice) => {
      const message = teamsMessage(notice);
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MOST_BYTES);
      for (const text of textsOf(cardOf(notice))) {
        expect(text.trim()).not.toBe('');
        expect(text.isWellFormed()).toBe(true);
      }
    }), { numRuns: 200 });
  });

  it('has a step to link though its name is nothing that can be shown', () =>
    expect(cardOf({ ...NOTICE, step: { name: '\u0000', state: '', url: 'https://ci.example/' } }).body.at(-1)).toMatchObject({ facts: expect.arrayContaining([{ title: 'Step', value: '[step](https://ci.example/) ' }]) }));

  it('is within 28 KB where every text is as long as can be', () => {
    for (const long of [']'.repeat(9_000), '\u4e2d'.repeat(9_000), '😀'.repeat(9_000)]) {
      expect(Buffer.byteLength(JSON.stringify(teamsMessage(saying(long, { url: `https://ci.example/${'a'.repeat(900)}` }))))).toBeLessThanOrEqual(MOST_BYTES);
    }
  });
});

describe('a card of many runs', () => {
  it('has a line for each, with its link and why', () => {
    const [failed, good] = [{ ...NOTICE, repeats: 2 }, { ...NOTICE, word: 'succeeded' as const, run: 'run-2', step: undefined, reason: undefined }];
    expect(textsOf(cardOf(digestOf([failed, good]))).slice(1)).toEqual([
      '🗞️ 2 runs in short',
      '❌ [release](http://127.0.0.1:8081/runs/run-1) failed · acme/shop @ main · e2e failed · again 2 times',
      '✅ [release](http://127.0.0.1:8081/runs/run-1) succeeded · acme/shop @ main',
    ]);
    expect(cardOf(digestOf([failed, good])).actions).toMatchObject([{ title: 'Open the runs', url: 'http://127.0.0.1:8081/' }]);
  });

  it('is within 28 KB, names as many as fit, and says how many did not, whatever comes', () => {
    const long = [']'.repeat(9_000), '\u4e2d'.repeat(9_000)].map((text) => saying(text, { url: `https://ci.example/${'a'.repeat(900)}` }));
    fc.assert(fc.property(fc.array(fc.oneof(anyNotice(), fc.constantFrom(...long)), { minLength: 2, maxLength: 70 }), (gathered) => {
      const message = teamsMessage({ ...digestOf(gathered), more: 8_000 });
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(MOST_BYTES);
      const lines = textsOf(message.attachments[0].content).slice(2);
      const more = Number(/^\[and (\d+) more\]\(http:\/\/127.0.0.1:8081\/\)$/.exec(lines.at(-1)!)?.[1] ?? 0);
      expect(lines.length - 1 + more).toBe(gathered.length + 8_000);
      for (const line of lines) expect(line).not.toMatch(/<at>|\{\{|javascript:/);
    }), { numRuns: 60 });
    for (const one of long) expect(Buffer.byteLength(JSON.stringify(teamsMessage(digestOf(Array.from({ length: 70 }, () => one)))))).toBeLessThanOrEqual(MOST_BYTES);
  });
});

it('a card says how often the same was there before', () => expect(textsOf(cardOf({ ...NOTICE, repeats: 3 }))[1]).toBe('❌ release failed · again 3 times'));
