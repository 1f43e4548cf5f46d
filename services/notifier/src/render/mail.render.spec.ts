import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNotice, digestOf, NOTICE, saying } from '../../test/notices.js';
import { mailText, threadId } from './mail.render.js';

describe('a mail', () => {
  it('says what happened to what, why, and links run and platform', () => {
    expect(mailText(NOTICE)).toMatchObject({
      subject: '❌ release failed (acme/shop @ main)',
      text: [
        'release failed', '', 'Repository: acme/shop', 'Branch: main', 'Commit: 01234567', 'Change: Faster checkout', 'Reason: step e2e failed',
        'Step: e2e failed: 3 tests failed', '  https://ci.example/job/7/', 'By: alice', 'Duration: 3 min 4 s', 'Run: run-1', '  http://127.0.0.1:8081/runs/run-1', '',
      ].join('\n'),
    });
    expect(mailText(NOTICE).html).toContain('<td><a href="https://ci.example/job/7/">e2e failed: 3 tests failed</a></td>');
    expect(mailText({ ...NOTICE, branch: 'v1', tag: 'v1' }).text).toContain('\nTag: v1\n');
  });

  it.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '&lt;b&gt;', "' onmouseover='x"])('has no markup of %j', (text) => {
    const { html } = mailText(saying(text));
    expect(html.replace(/<\/?(html|body|p|strong|table|tr|td)>|<!doctype html>|<th align="left" valign="top" style="padding-right:1em">|<\/th>|<a href="[^"<>]*">|<\/a>/g, '')).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
  });

  it('has neither lines nor links that come from outside', () => {
    const clean = mailText(saying('x'));
    const hostile = mailText(saying('x\r\nRun: faked\u2028Bcc: all@example.com\nsee http://evil.example javascript:alert(1) \u202egnp.exe'));
    expect(hostile.text.split('\n')).toHaveLength(clean.text.split('\n').length);
    expect(hostile.subject).not.toMatch(/[\r\n\u2028]/);
    for (const shown of [hostile.text, hostile.html, hostile.subject]) expect(shown).not.toMatch(/http:\/\/evil|\u202e|href="javascript/);
  });

  it('has a subject of one line and a bounded length, whatever comes', () => {
    fc.assert(fc.property(anyNotice(), (notice) => {
      const { subject, text, html } = mailText(notice);
      expect(subject.length).toBeLessThanOrEqual(180);
      expect(subject).not.toMatch(/\p{Cc}/u);
      expect(text.length).toBeLessThan(12_000);
      for (const part of [subject, text, html]) expect(part.isWellFormed()).toBe(true);
    }), { numRuns: 200 });
  });
});

it('a thread is one of a run', () => {
  expect(threadId('run-1', 'example.com')).toMatch(/^<run-[0-9a-f]{32}@example\.com>$/);
  expect(new Set([threadId('run-1', 'a'), threadId('run-1\r\n', 'a'), threadId('run-2', 'a')]).size).toBe(3);
});

describe('a mail of many runs', () => {
  const [failed, good] = [{ ...NOTICE, repeats: 2 }, { ...NOTICE, word: 'succeeded' as const, url: 'http://127.0.0.1:8081/runs/run-2', step: undefined, reason: undefined }];

  it('has a row for each, with its link and why', () => {
    const { subject, text, html } = mailText(digestOf([failed, good]));
    expect(subject).toBe('🗞️ 2 runs in short');
    expect(text).toBe([
      '2 runs in short', '', 'release failed again 2 times: acme/shop @ main: e2e failed', '  http://127.0.0.1:8081/runs/run-1',
      'release succeeded: acme/shop @ main', '  http://127.0.0.1:8081/runs/run-2', '',
    ].join('\n'));
    expect(html).toContain('release succeeded</th><td><a href="http://127.0.0.1:8081/runs/run-2">acme/shop @ main</a></td>');
  });

  it('is bounded, says how many it does not name, and has no markup from outside, whatever comes', () => {
    fc.assert(fc.property(fc.array(anyNotice(), { minLength: 2, maxLength: 130 }), (gathered) => {
      const { text, html } = mailText({ ...digestOf(gathered), more: 8_000 });
      const rows = text.split('\n').slice(2, -1).filter((line) => !line.startsWith('  '));
      const more = Number(/^More: and (\d+) more$/.exec(rows.at(-1)!)?.[1] ?? 0);
      expect(rows.length - 1 + more).toBe(gathered.length + 8_000);
      expect(text.split('\n').at(-2)).toBe('  http://127.0.0.1:8081/');
      expect(text.length).toBeLessThan(200_000);
      expect([text.isWellFormed(), html.isWellFormed()]).toEqual([true, true]);
    }), { numRuns: 20 });
    expect(mailText(digestOf([saying('<script>'), saying('<script>')])).html).not.toContain('<script>');
  });
});

it('a mail says how often the same was there before', () =>
  expect(mailText({ ...NOTICE, repeats: 3 })).toMatchObject({ subject: '❌ release failed again 3 times (acme/shop @ main)', text: expect.stringMatching(/^release failed again 3 times\n/) }));
