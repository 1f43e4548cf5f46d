import { describe, expect, it } from 'vitest';
import { withoutTokens } from './log.js';

const JWT = `eyJ${'h'.repeat(20)}.eyJ${'p'.repeat(40)}.${'s'.repeat(80)}`;

describe('a line of the log', () => {
  it.each([
    ['an installation token of the old form', `ghs_${'A1b2'.repeat(9)}`],
    ['one of the new form', `ghs_123456_${JWT}`],
    ['a personal token', `ghp_${'A1b2'.repeat(9)}`],
    ['a fine-grained one', `github_pat_${'A1b2_'.repeat(12)}`],
    ['the signature of an App', JWT],
  ])('shows nothing of %s', (_, token) => {
    expect(withoutTokens(JSON.stringify({ msg: 'call.failed', reason: `GET https://x?access_token=${token} refused`, nested: [token] })))
      .toBe('{"msg":"call.failed","reason":"GET https://x?access_token=*** refused","nested":["***"]}');
  });

  it('keeps ids, commits and branches', () => {
    const line = JSON.stringify({ id: '9b1c1f7e-0000-8000-8000-000000000000:deploy:run:1', sha: 'a'.repeat(40), branch: 'feature/ghs_x', event: 'eyJ' });
    expect(withoutTokens(line)).toBe(line);
  });
});
