import fc from 'fast-check';
import { isScalar, parseDocument, type Scalar } from 'yaml';
import { describe, expect, it } from 'vitest';
import { offsetInScalar } from './scalar-offset.js';

const scalarOf = (source: string): Scalar => {
  const node = parseDocument(source).get('k', true);
  if (!isScalar(node)) throw new Error(`no scalar in ${source}`);
  return node;
};

/** The line and column (from 1) of the first X in the value. */
const placeOfX = (source: string): [number, number] => {
  const node = scalarOf(source);
  const before = source.slice(0, offsetInScalar(source, node, String(node.value).indexOf('X'))).split('\n');
  return [before.length, before.at(-1)!.length + 1];
};

describe('the place of a character of a YAML text', () => {
  it.each<[string, string, [number, number]]>([
    ['plain', 'k: abc X', [1, 8]],
    ['double quoted', 'k: "abc X"', [1, 9]],
    ['single quoted', "k: 'abc X'", [1, 9]],
    ['after escapes', 'k: "\\"a\\" \\u00e4\\n X"', [1, 20]],
    ['after doubled quotes', "k: 'it''s X'", [1, 11]],
    ['literal block', 'k: |\n  one\n    two X\n', [3, 9]],
    ['literal block, kept indentation', 'k: |-\n    one\n\n    X\n', [4, 5]],
    ['folded block', 'k: >-\n  one\n  two X\n', [3, 7]],
    ['folded block, blank line', 'k: >\n  one\n\n  two X\n', [4, 7]],
    ['plain over lines', 'k: one\n  two\n  X\n', [3, 3]],
    ['double quoted over lines', 'k: "one\n  two X"\n', [2, 7]],
  ])('%s', (_name, source, expected) => {
    expect(placeOfX(source)).toEqual(expected);
  });

  it('is the character itself in any text that needs no escape', () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.constantFrom('plain', 'double', 'single', 'literal'), fc.nat(), (words, style, pick) => {
      const value = words.join(style === 'literal' ? '\n' : ' ');
      const sources: Record<string, string> = { plain: `k: ${value}\n`, double: `k: "${value}"\n`, single: `k: '${value}'\n`, literal: `k: |-\n${words.map((w) => `   ${w}\n`).join('')}` };
      const source = sources[style]!;
      const index = pick % value.length;
      const node = scalarOf(source);
      fc.pre(node.value === value);
      expect(source[offsetInScalar(source, node, index)]).toBe(value[index]);
    }));
  });
});
