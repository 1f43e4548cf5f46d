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

type Test = (value: string) => boolean;

/** A set of states walks over the value: time is value × pattern, whatever the pattern. */
const walking = (pattern: string): Test => {
  const prefix = pattern.slice(0, pattern.indexOf('*'));
  const tokens = tokenize(pattern);
  return (value) => {
    if (!value.startsWith(prefix)) return false;
    let states = spread(tokens, new Set([0]));
    let inside = new Set<number>();
    for (const char of value.split('')) [states, inside] = step(tokens, states, inside, char);
    return states.has(tokens.length);
  };
};

/** Most patterns are a name, or a name with stars at its end; they need no walk. */
const testOf = (pattern: string): Test => {
  const star = pattern.indexOf('*');
  if (star === -1) return (value) => value === pattern;
  const [prefix, rest] = [pattern.slice(0, star), pattern.slice(star)];
  if (rest === '*') return (value) => value.startsWith(prefix) && !value.includes('/', prefix.length);
  if (rest === '**') return (value) => value.startsWith(prefix);
  return walking(pattern);
};

const isExclude = (pattern: string): boolean => pattern.startsWith('!');

const compile = (patterns: readonly string[]): Matcher => {
  const excluding = patterns.filter(isExclude).map((pattern) => testOf(pattern.slice(1)));
  const wanted = patterns.filter((pattern) => !isExclude(pattern)).map(testOf);
  return (values) => {
    const takes = (test: Test): boolean => values.some(test);
    if (excluding.some(takes)) return false;
    return wanted.length === 0 ? patterns.length > 0 : wanted.some(takes);
  };
};

/** True when the patterns take one of the values. */
export type Matcher = (values: readonly string[]) => boolean;

/** Lists of a flow live as long as their revision, and what is made of them as long as they. */
const known = new WeakMap<readonly string[], Matcher>();

/** `matchesAnyOf` for a list of patterns that is asked again and again. */
export const matcherOf = (patterns: readonly string[]): Matcher => {
  const matcher = known.get(patterns) ?? compile(patterns);
  known.set(patterns, matcher);
  return matcher;
};

/** The texts of which one has to be there, when no pattern that takes something is a glob; undefined otherwise. */
export const exactPatterns = (patterns: readonly string[]): string[] | undefined => {
  const wanted = patterns.filter((pattern) => !isExclude(pattern));
  return wanted.length > 0 && !wanted.some((pattern) => pattern.includes('*')) ? [...new Set(wanted)] : undefined;
};

/**
 * True when one of the patterns takes one of the values and no `!` pattern does, wherever it stands in the list.
 * Patterns that all exclude take everything else. `*` within a segment, `**` over segments; all else is literal.
 */
export const matchesAnyOf = (values: readonly string[], patterns: readonly string[]): boolean => matcherOf(patterns)(values);

/** `matchesAnyOf` for one value. */
export const matchesGlobs = (value: string, patterns: readonly string[]): boolean => matchesAnyOf([value], patterns);
