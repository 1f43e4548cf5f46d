import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesAnyOf, matchesGlobs } from './globs.js';

describe('globs', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'Main', false],
    ['release/1', 'release/*', true],
    ['release/1/2', 'release/*', false],
    ['release/1/2', 'release/**', true],
    ['release', 'release/**', false],
    ['acme/shop', '*', false],
    ['acme/shop', '**', true],
    ['acme/shop', '*/shop', true],
    ['a/b', 'a/**/b', true],
    ['a/x/y/b', 'a/**/b', true],
    ['a/xb', 'a/**/b', false],
    ['README.md', '**/*.md', true],
    ['docs/how/x.md', '**/*.md', true],
    ['docs/how/x.md', '**.md', true],
    ['v1.2.3', 'v1.*', true],
    ['v1x2', 'v1.2', false],
    ['feature/[x]', 'feature/[x]', true],
    ['', '*', true],
    ['', '', true],
    ['x', '', false],
  ])('"%s" and the pattern "%s": %s', (value, pattern, expected) => {
    expect(matchesGlobs(value, [pattern])).toBe(expected);
  });

  it.each([
    ['main', ['main', '!main'], false],
    ['main', ['!main', '**'], false],
    ['dev', ['!main'], true],
    ['main', ['!main'], false],
    ['dev', ['!main', '!de*'], false],
    ['release/1', ['release/**', '!release/*-rc'], true],
    ['release/1-rc', ['release/**', '!release/*-rc'], false],
    ['main', [], false],
  ])('"%s" and the list %j: %s', (value, patterns, expected) => {
    expect(matchesGlobs(value, patterns)).toBe(expected);
  });

  it('takes several names of one thing as one: an exclude of any excludes it', () => {
    expect(matchesAnyOf(['CI', '.github/workflows/ci.yml', 'ci.yml'], ['ci.yml'])).toBe(true);
    expect(matchesAnyOf(['CI', '.github/workflows/ci.yml', 'ci.yml'], ['!ci.yml'])).toBe(false);
    expect(matchesAnyOf(['CI', 'ci.yml'], ['C*', '!*.yml'])).toBe(false);
  });

  const segment = fc.stringMatching(/^[a-z.-]{1,6}$/);
  const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  it('finds every text without wildcards by itself, and by ** in front of its last part', () => {
    fc.assert(fc.property(path, (text) => {
      expect(matchesGlobs(text, [text])).toBe(true);
      expect(matchesGlobs(text, ['**'])).toBe(true);
      expect(matchesGlobs(text, [`**/${text.split('/').at(-1)!}`])).toBe(true);
      expect(matchesGlobs(text, ['*'])).toBe(!text.includes('/'));
    }));
  });

  it('says the same as a regular expression of the same meaning', () => {
    const piece = fc.constantFrom('a', 'b', '/', '*', '**', '**/', '.');
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), fc.stringMatching(/^[ab/.]{0,8}$/), (pieces, value) => {
      const pattern = pieces.join('');
      expect(matchesGlobs(value, [`${pattern}`])).toBe(asRegExp(pattern).test(value));
    }), { numRuns: 2000 });
  });

  it('takes time by the length of text and pattern only, whatever the pattern', () => {
    const started = performance.now();
    expect(matchesGlobs('a'.repeat(20_000), [`${'*a'.repeat(30)}b`])).toBe(false);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

const asRegExp = (pattern: string): RegExp => {
  const source = pattern.replace(/(^|(?<=\/))\*\*\/|\*\*|\*|[.]/g, (found) => {
    if (found === '**/') return '(?:[^/]*/)*';
    return found === '**' ? '.*' : found === '*' ? '[^/]*' : '\\.';
  });
  return new RegExp(`^${source}$`, 's');
};
