import { unreadAt } from './lexical.js';

/** A part of a text: as it stands, or an expression and where it begins in the text. */
export type TemplatePart = { text: string } | { expression: string; offset: number };

const OPEN = '${{';
const CLOSE = '}}';

/** Thrown for a `${{` without its `}}`. */
export class UnclosedTemplate extends Error {
  constructor(readonly offset: number) {
    super('"${{" has no closing "}}"');
  }
}

/** Splits a text at its `${{ }}`; braces of maps and quoted text inside an expression do not end it. Throws UnclosedTemplate. */
export const splitTemplate = (text: string): TemplatePart[] => {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (let open = text.indexOf(OPEN); open !== -1; open = text.indexOf(OPEN, from)) {
    const end = endOfExpression(text, open + OPEN.length);
    if (end === undefined) throw new UnclosedTemplate(open);
    if (open > from) parts.push({ text: text.slice(from, open) });
    parts.push(trimmed(text, open + OPEN.length, end));
    from = end + CLOSE.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
};

const trimmed = (text: string, start: number, end: number): TemplatePart => {
  const inner = text.slice(start, end);
  return { expression: inner.trim(), offset: start + (inner.length - inner.trimStart().length) };
};

/** Where the `}}` stands that ends the expression beginning at `start`. */
const endOfExpression = (text: string, start: number): number | undefined => {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const unread = unreadAt(text, i);
    const end = depth === 0 && unread?.startsWith('//') ? endInComment(unread) : undefined;
    if (end !== undefined) return i + end;
    if (unread !== undefined) i += unread.length - 1;
    else if (depth === 0 && text.startsWith(CLOSE, i)) return i;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
  }
  return undefined;
};

/** A comment ends with its line, but an expression of one line ends in it: `${{ event.sha // short }}`. What stands in braces there is the comment's. */
const endInComment = (comment: string): number | undefined => {
  let depth = 0;
  for (let i = 0; i < comment.length; i++) {
    if (depth === 0 && comment.startsWith(CLOSE, i)) return i;
    if (comment[i] === '{') depth++;
    else if (comment[i] === '}') depth = Math.max(0, depth - 1);
  }
  return undefined;
};

/** The one expression that a text consists of, blanks around it aside. */
export const wholeExpression = (text: string): { expression: string; offset: number } | undefined => {
  if (!text.trimStart().startsWith(OPEN)) return undefined;
  const parts = partsOrNone(text).filter((part) => !('text' in part) || part.text.trim() !== '');
  const only = parts.length === 1 ? parts[0] : undefined;
  return only && 'expression' in only ? only : undefined;
};

const partsOrNone = (text: string): TemplatePart[] => {
  try {
    return splitTemplate(text);
  } catch (error) {
    if (error instanceof UnclosedTemplate) return [];
    throw error;
  }
};

export const hasTemplate = (text: string): boolean => text.includes(OPEN);
