/** An expression that cannot be read, or whose evaluation went wrong; `offset` is where in it, when known. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';

  constructor(message: string, readonly offset?: number) {
    super(message);
  }
}

interface CelFailure {
  summary?: string;
  message: string;
  range?: { start: number };
}

/** The library's errors, short: without the picture of the source, which lint shows by line and column. */
export const expressionError = (error: unknown): ExpressionError => {
  if (error instanceof ExpressionError) return error;
  if (error instanceof RangeError) return new ExpressionError(`too much work: ${error.message}`);
  const failure = error as CelFailure;
  return new ExpressionError(inOurWords(failure.summary ?? failure.message), failure.range?.start);
};

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^No such key: (index out of bounds.*)$/, '$1'],
  [/^has\(\) invalid argument$/, 'has() asks for a field, as has(event.tag): other names are asked for as "a-b" in steps'],
  [/^No such key: (.+)$/, '"$1" is absent'],
  [/^Unexpected character: ([&|])$/, 'Unexpected character: $1 (expected $1$1)'],
  [/^Unexpected character: =$/, 'Unexpected character: = (two of them compare: ==)'],
  [/^Unknown variable: (.+)$/, '"$1" is not known here'],
  [/^no such overload: (.*\bnull\b.*)$/, '$1 is not possible: a value is absent, never null; ask has(event.tag), or event.?tag.orValue("")'],
  [/^no such overload: (.+)$/, '$1 is not possible: the types do not fit'],
  [/^found no matching overload for '(.+)'$/, 'unknown function $1'],
  [/\bEOF\b/, 'the end'],
];

const inOurWords = (summary: string): string => WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), summary);
