/**
 * Quoted text and comments, as the library reads them: a backslash hides the next character, in raw text (`r"…"`) as well. What is not closed
 * goes on to the end. Everything else in an expression is what it looks like.
 */
const UNREAD = [
  String.raw`"""(?:\\[\s\S]|[^\\])*?(?:"""|$)`,
  String.raw`'''(?:\\[\s\S]|[^\\])*?(?:'''|$)`,
  String.raw`"(?:\\[\s\S]|[^"\\])*"?`,
  String.raw`'(?:\\[\s\S]|[^'\\])*'?`,
  String.raw`//[^\n]*`,
].join('|');

const AT = new RegExp(UNREAD, 'y');

/** The quoted text or the comment that begins at `index`; undefined where none does. */
export const unreadAt = (text: string, index: number): string | undefined => {
  AT.lastIndex = index;
  return AT.exec(text)?.[0];
};

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export interface Brackets {
  open: number;
  close: number;
}

/** Where brackets open and close, those in quoted text and comments aside; without those that have no other one. */
export const bracketsIn = (text: string): Brackets[] => {
  const found: Brackets[] = [];
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unread = unreadAt(text, i);
    const character = text[i]!;
    if (unread !== undefined) i += unread.length - 1;
    else if ('([{'.includes(character)) open.push(i);
    else if (CLOSING[character] !== undefined && text[open.at(-1) ?? -1] === CLOSING[character]) found.push({ open: open.pop()!, close: i });
  }
  return found;
};
