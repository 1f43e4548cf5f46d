import { describe, expect, it } from 'vitest';
import { revealSecrets } from './reveal-secrets.js';

const reveal = (reference: { env: string } | { file: string }) => ('env' in reference ? `env ${reference.env}` : `file ${reference.file}`);

describe('secrets in `with`', () => {
  it('are put in where a field is a secret', () => {
    expect(revealSecrets({ token: { env: 'T' } }, ['token'], reveal)).toEqual({ token: 'env T' });
  });

  it('are put in as values of a map', () => {
    expect(revealSecrets({ parameters: { A: { file: '/a' }, B: 'plain', C: 3 } }, [], reveal)).toEqual({ parameters: { A: 'file /a', B: 'plain', C: 3 } });
  });

  it('never swallow a map that only looks like a reference', () => {
    expect(revealSecrets({ inputs: { env: 'production' }, parameters: { file: 'a.txt' } }, [], reveal)).toEqual({ inputs: { env: 'production' }, parameters: { file: 'a.txt' } });
  });

  it('leave everything else as it is', () => {
    const values = { ref: 'main', list: [{ env: 'A' }], nothing: null, typed: { on: true, deep: { env: 'A', file: 'B' } } };
    expect(revealSecrets(values, [], reveal)).toEqual(values);
  });
});
