/** A pattern as a tree. `set` tests one code point; JavaScript's own classes do that, since one character cannot backtrack. */
export type RegexNode =
  | { kind: 'set'; test: RegExp }
  | { kind: 'assert'; at: 'start' | 'end' | 'word' | 'no-word'; lines: boolean }
  | { kind: 'cat'; parts: RegexNode[] }
  | { kind: 'alt'; parts: RegexNode[] }
  | { kind: 'repeat'; part: RegexNode; min: number; max: number };

interface Flags {
  i: boolean;
  s: boolean;
  m: boolean;
}

export class RegexError extends Error {}

const MAX_REPEAT = 1000;
const MAX_DEPTH = 100;
const QUANTIFIER = /^(?:\*|\+|\?|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})/;
const ESCAPE = /^\\(?:x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]{1,6}\}|[pP](?:\{\^?\w+\}|[A-Z])|[^0-9])/u;
const CLASS = /^\[\^?\]?(?:\\.|[^\]\\])*\]/su;
const GROUP = /^\((?:\?(?:P?<[A-Za-z]\w*>|([ims]*)(?:-([ims]+))?(:|\))))?/;
const SHORT_BOUNDS: Record<string, [number, number]> = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] };

/** Reads RE2's syntax: no look-around and no back-references, the two that need backtracking. Throws RegexError. */
export const parseRegex = (pattern: string): RegexNode => {
  const parser = new RegexParser(pattern);
  const node = parser.alternatives({ i: false, s: false, m: false }, 0);
  if (parser.rest !== '') throw new RegexError(`unexpected "${parser.rest[0]}"`);
  return node;
};

class RegexParser {
  constructor(public rest: string) {}

  alternatives(flags: Flags, depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw new RegexError('nested too deeply');
    const own = { ...flags };
    const parts = [this.sequence(own, depth)];
    while (this.take(/^\|/)) parts.push(this.sequence(own, depth));
    return parts.length === 1 ? parts[0]! : { kind: 'alt', parts };
  }

  private sequence(flags: Flags, depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (this.rest !== '' && this.rest[0] !== '|' && this.rest[0] !== ')') {
      const atom = this.atom(flags, depth);
      if (atom) parts.push(this.quantified(atom));
    }
    return { kind: 'cat', parts };
  }

  private quantified(part: RegexNode): RegexNode {
    const match = this.take(QUANTIFIER);
    if (!match) return part;
    this.take(/^\?/);
    if (QUANTIFIER.test(this.rest)) throw new RegexError(`unexpected "${this.rest[0]}" after a repetition`);
    const low = Number(match[1]);
    const [min, max] = SHORT_BOUNDS[match[0]] ?? [low, match[2] ? Number(match[3] ?? Infinity) : low];
    if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw new RegexError(`${match[0]}: at most ${MAX_REPEAT}`);
    return { kind: 'repeat', part, min, max };
  }

  /** Undefined for `(?i)`, which only changes the flags of what follows in its group. */
  private atom(flags: Flags, depth: number): RegexNode | undefined {
    if (this.rest[0] === '(') return this.group(flags, depth);
    if (this.take(/^\^/)) return { kind: 'assert', at: 'start', lines: flags.m };
    if (this.take(/^\$/)) return { kind: 'assert', at: 'end', lines: flags.m };
    if (this.rest[0] === '\\') return this.escape(flags);
    if (this.rest[0] === '[') return this.set(this.must(CLASS, 'unclosed [').replace(/^(\[\^?)\]/, '$1\\]'), flags);
    if (QUANTIFIER.test(this.rest)) throw new RegexError(`nothing to repeat before "${this.rest[0]}"`);
    const char = this.must(/^./su, 'unexpected end');
    return this.set(char === '.' ? '.' : char.replace(/[{}\]/]/, '\\$&'), flags);
  }

  private group(flags: Flags, depth: number): RegexNode | undefined {
    if (/^\(\?<?[=!]/.test(this.rest)) throw new RegexError('look-around is not possible');
    const match = this.take(GROUP);
    if (!match || this.rest.startsWith('?')) throw new RegexError(`unknown group "${this.rest.slice(0, 3)}"`);
    const set = { ...flags };
    for (const flag of match[1] ?? '') set[flag as keyof Flags] = true;
    for (const flag of match[2] ?? '') set[flag as keyof Flags] = false;
    if (match[3] === ')') return void Object.assign(flags, set);
    const node = this.alternatives(set, depth + 1);
    this.must(/^\)/, 'unclosed (');
    return node;
  }

  private escape(flags: Flags): RegexNode {
    if (/^\\\d/.test(this.rest) || /^\\k/.test(this.rest)) throw new RegexError('back-references are not possible');
    const escape = this.must(ESCAPE, 'unfinished escape');
    if (escape === '\\b' || escape === '\\B') return { kind: 'assert', at: escape === '\\b' ? 'word' : 'no-word', lines: false };
    if (escape === '\\A' || escape === '\\z') return { kind: 'assert', at: escape === '\\A' ? 'start' : 'end', lines: false };
    return this.set(portable(escape), flags);
  }

  private set(source: string, flags: Flags): RegexNode {
    if (source.includes('[:')) throw new RegexError('POSIX classes are not possible: write \\d, \\w or a range');
    const classes = source.startsWith('[') ? source.replace(/\\[xpP](?:\{\^?\w+\}|[A-Z](?![0-9a-fA-F]))/gu, portable) : source;
    try {
      return { kind: 'set', test: new RegExp(`^(?:${classes})$`, `u${flags.i ? 'i' : ''}${flags.s ? 's' : ''}`) };
    } catch {
      throw new RegexError(`cannot read "${source}"`);
    }
  }

  private take(what: RegExp): RegExpExecArray | null {
    const match = what.exec(this.rest);
    if (match) this.rest = this.rest.slice(match[0].length);
    return match;
  }

  private must(what: RegExp, otherwise: string): string {
    const match = this.take(what);
    if (!match) throw new RegexError(otherwise);
    return match[0];
  }
}

/** RE2's spelling of an escape in JavaScript's. */
const portable = (escape: string): string => {
  if (escape.startsWith('\\x{')) return `\\u${escape.slice(2)}`;
  if (/^\\[pP][A-Z]$/.test(escape)) return `${escape.slice(0, 2)}{${escape[2]}}`;
  if (/^\\[^\p{L}\p{N}]$/u.test(escape) && !/^\\[\^$\\.*+?()[\]{}|/-]$/.test(escape)) return escape.slice(1);
  return escape === '\\-' ? '-' : escape === '\\a' ? '\\x07' : escape;
};
