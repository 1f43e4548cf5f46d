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

const inOurWords = (summary: string): string =>
  summary.replace(/^No such key: (.+)$/, '"$1" is absent').replace(/^Unknown variable: (.+)$/, '"$1" is not known here');
