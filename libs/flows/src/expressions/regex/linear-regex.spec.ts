import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearRegex } from './linear-regex.js';

describe('regular expressions that cannot backtrack', () => {
  it.each([
    ['a+b', 'xaab', true], ['^a+$', 'aab', false], ['^(main|release/.+)$', 'release/1', true], ['', 'x', true],
    ['\\d{2,3}$', 'a1', false], ['\\d{2,3}$', 'a12', true], ['^\\d{3}$', '12', false], ['^a{2,}$', 'aaaa', true], ['^a{0}b$', 'b', true],
    ['[^a-c]', 'abc', false], ['[]x]', ']', true], ['[\\w.-]+@x', 'me.too@x', true], ['(?i)MAIN', 'main', true], ['(?i:M)ain', 'mAIN', false],
    ['a.c', 'a\nc', false], ['(?s)a.c', 'a\nc', true], ['^b', 'a\nb', false], ['(?m)^b$', 'a\nb\nc', true], ['\\bfoo\\b', 'a foo b', true], ['\\bfoo\\b', 'afoo', false],
    ['(?P<x>a)b', 'ab', true], ['(?:a|b)*c', 'ababc', true], ['a**'.slice(0, 2), '', true], ['\\.', 'a', false], ['\\x41', 'A', true], ['\\pL+', 'ä', true],
    ['^.$', '😀', true], ['a|', '', true], ['(|a)+b', 'aab', true], ['x*?y', 'xxy', true], ['^a{2}?b', 'aab', true], ['\\/', '/', true], ['a/b', 'a/b', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(new LinearRegex(pattern).test(text)).toBe(expected);
  });

  it.each([
    ['(a', 'unclosed ('], ['a)', 'unexpected ")"'], ['[a', 'unclosed ['], ['*a', 'nothing to repeat'], ['a**', 'after a repetition'], ['(?=a)', 'look-around'],
    ['(?<!a)b', 'look-around'], ['(a)\\1', 'back-references'], ['a{2000}', 'at most 1000'], ['(a{1000}){1000}', 'too large'], ['a{3,2}', 'at most'],
    ['(?x)a', 'unknown group'], ['[[:alpha:]]', 'POSIX'], ['a\\', 'unfinished escape'], ['('.repeat(200), 'nested too deeply'],
  ])('refuses %s: %s', (pattern, message) => {
    expect(() => new LinearRegex(pattern)).toThrow(message);
  });

  it('says the same as the usual engine', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab|a)', '^', '$', '\\b', '\\w');
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}');
    const anchor = /^(?:\^|\$|\\b)$/;
    const piece = fc.tuple(atom, quantifier).map(([a, q]) => (anchor.test(a) ? a : a + q));
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), fc.stringMatching(/^[ab \n]{0,8}$/), (pieces, text) => {
      const pattern = pieces.join('');
      expect(new LinearRegex(pattern).test(text)).toBe(new RegExp(pattern, 'u').test(text));
    }), { numRuns: 3000 });
  });

  it.each(['^(a+)+$', '(a*)*b', '(a|aa)+$', '(.*)*x'])('answers %s at once, where others take years', (pattern) => {
    const started = performance.now();
    new LinearRegex(pattern).test(`${'a'.repeat(5000)}!`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
