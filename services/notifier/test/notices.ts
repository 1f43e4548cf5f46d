import fc from 'fast-check';
import type { Notice } from '../src/plan/notice.js';
import type { Word } from '../src/plan/transition.js';
import { LOOKS } from '../src/render/text.js';

export const NOTICE: Notice = {
  word: 'failed', at: '2026-01-01T00:03:24.000Z', run: 'run-1', flow: 'release', attempt: 1, version: 7, state: 'failed', url: 'http://127.0.0.1:8081/runs/run-1',
  reason: 'step e2e failed', repository: 'acme/shop', branch: 'main', sha: '0123456789abcdef0123456789abcdef01234567', title: 'Faster checkout', actor: 'alice', durationMs: 184_000,
  step: { name: 'e2e', state: 'failed', reason: '3 tests failed', url: 'https://ci.example/job/7/' }, steps: [],
};

/** All that comes from outside says the same: branch names, titles and reasons are the attacker's. */
export const saying = (text: string, more: Partial<Notice> = {}): Notice => ({
  ...NOTICE, repository: text, branch: text, sha: text, title: text, actor: text, reason: text, step: { name: text, state: text, reason: text, url: 'javascript:alert(1)' }, causeUrl: 'javascript:alert(1)', ...more,
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 9_000 }),
  // What escaping makes longest, what is longest in UTF-8, what is nothing once it is cleaned.
  fc.constantFrom(']'.repeat(9_000), '<'.repeat(9_000), '\u4e2d'.repeat(9_000), '\u0000\r\n\t', ' ', '\ud800'.repeat(3_000), '👩‍👩‍👧'.repeat(900)),
);

/** Whatever may come, in each of the moments. */
export const anyNotice = (words = Object.keys(LOOKS) as Word[]): fc.Arbitrary<Notice> => fc.record({
  word: fc.constantFrom(...words), at: fc.constant(NOTICE.at), run: anyText, flow: fc.stringMatching(/^[a-z0-9-]{1,40}$/), attempt: fc.nat(), version: fc.nat(), state: anyText,
  url: fc.oneof(fc.webUrl({ size: 'large', withQueryParameters: true }), anyText), steps: fc.constant<Notice['steps']>([]),
}).chain((fixed) => fc.record({
  reason: anyText, repository: anyText, branch: anyText, sha: anyText, title: anyText, actor: anyText, durationMs: fc.integer(), causeUrl: anyText,
  step: fc.record({ name: anyText, state: anyText, reason: anyText, url: fc.oneof(fc.webUrl(), anyText) }),
}, { requiredKeys: [] }).map((some): Notice => ({ ...fixed, ...some })));
