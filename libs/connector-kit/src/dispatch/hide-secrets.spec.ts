import { describe, expect, it } from 'vitest';
import { hideSecrets } from './hide-secrets.js';

describe('hiding what went out with a call', () => {
  it('takes secrets out of texts, names and numbers of an answer that repeats its request', () => {
    const answer = { echo: { 'X-Key': 's3cret/value', hint: 'key was s3cret/value, thanks' }, list: ['s3cret/value'], 's3cret/value': 1, pin: 48151623, n: 7, ok: true, none: null };
    expect(hideSecrets(answer, ['s3cret/value', '48151623'])).toEqual({ echo: { 'X-Key': '***', hint: 'key was ***, thanks' }, list: ['***'], '***': 1, pin: '***', n: 7, ok: true, none: null });
  });

  it('knows them as an address and as Basic credentials have them', () => {
    const basic = Buffer.from('robot:s3cret/value').toString('base64');
    expect(hideSecrets({ url: 'https://x/?k=s3cret%2Fvalue', header: `Basic ${basic}` }, ['s3cret/value', 'robot:s3cret/value'])).toEqual({ url: 'https://x/?k=***', header: 'Basic ***' });
  });

  it('leaves nothing of the longer of two that begin alike', () => {
    expect(hideSecrets({ a: 'passphrase-2' }, ['pass', 'passphrase-2'])).toEqual({ a: '***' });
  });

  it('hides a very short one only where it stands alone', () => {
    expect(hideSecrets({ a: 'x', b: 'text' }, ['x', ''])).toEqual({ a: '***', b: 'text' });
  });

  it('knows tokens by their form, whoever made them', () => {
    expect(hideSecrets({ a: `ghs_${'a'.repeat(36)}` }, [])).toEqual({ a: '***' });
  });
});
