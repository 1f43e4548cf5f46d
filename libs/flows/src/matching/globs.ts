type Token = { kind: 'char'; char: string } | { kind: 'star' } | { kind: 'globstar' } | { kind: 'segments' };

/** `*` stays within a segment, `**` crosses them, `**` followed by a slash also takes no segment at all. */
const tokenize = (pattern: string): Token[] => {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== '*') tokens.push({ kind: 'char', char: pattern[i]! });
    else if (pattern[i + 1] !== '*') tokens.push({ kind: 'star' });
    else {
      const whole = (i === 0 || pattern[i - 1] === '/') && pattern[i + 2] === '/';
      tokens.push({ kind: whole ? 'segments' : 'globstar' });
      i += whole ? 2 : 1;
    }
  }
  return tokens;
};

/** Tokens that may take nothing let their successor begin at once. */
const spread = (tokens: Token[], states: Set<number>): Set<number> => {
  for (const state of states) if (tokens[state] && tokens[state].kind !== 'char') states.add(state + 1);
  return states;
};

/** The states after one character; `inSegments` holds `**` + slash states that are in the middle of a segment. */
const step = (tokens: Token[], states: Set<number>, inside: Set<number>, char: string): [Set<number>, Set<number>] => {
  const next = new Set<number>();
  const nextInside = new Set<number>();
  const take = (state: number): void => void (char === '/' ? next : nextInside).add(state);
  for (const state of inside) take(state);
  for (const state of states) {
    const token = tokens[state];
    if (token?.kind === 'char' && token.char === char) next.add(state + 1);
    if (token?.kind === 'globstar' || (token?.kind === 'star' && char !== '/')) next.add(state);
    if (token?.kind === 'segments') take(state);
  }
  return [spread(tokens, next), nextInside];
};

const MAX_CACHED = 5000;
const known = new Map<string, Token[]>();

/** Patterns are few and asked for every event. */
const tokensOf = (pattern: string): Token[] => {
  const tokens = known.get(pattern) ?? tokenize(pattern);
  if (known.size >= MAX_CACHED) known.clear();
  known.set(pattern, tokens);
  return tokens;
};

/** A set of states walks over the value: time is value × pattern, whatever the pattern. */
const matchesGlob = (value: string, pattern: string): boolean => {
  const star = pattern.indexOf('*');
  if (star === -1) return value === pattern;
  if (!value.startsWith(pattern.slice(0, star))) return false;
  const tokens = tokensOf(pattern);
  let states = spread(tokens, new Set([0]));
  let inside = new Set<number>();
  for (const char of value.split('')) [states, inside] = step(tokens, states, inside, char);
  return states.has(tokens.length);
};

const isExclude = (pattern: string): boolean => pattern.startsWith('!');

/**
 * True when one of the patterns takes one of the values and no `!` pattern does, wherever it stands in the list.
 * Patterns that all exclude take everything else. `*` within a segment, `**` over segments; all else is literal.
 */
export const matchesAnyOf = (values: readonly string[], patterns: readonly string[]): boolean => {
  const takes = (pattern: string): boolean => values.some((value) => matchesGlob(value, pattern));
  if (patterns.some((pattern) => isExclude(pattern) && takes(pattern.slice(1)))) return false;
  const wanted = patterns.filter((pattern) => !isExclude(pattern));
  return wanted.length === 0 ? patterns.length > 0 : wanted.some(takes);
};

/** `matchesAnyOf` for one value. */
export const matchesGlobs = (value: string, patterns: readonly string[]): boolean => matchesAnyOf([value], patterns);
