import { isUtf8 } from 'node:buffer';
import type { BodyForm } from './content-types.js';

/** Real hooks stay below 20; deeper ones are made to exhaust somebody's stack. */
const MAX_DEPTH = 128;

/** Why a body cannot be read, in words for its sender. */
export class UnreadableBody extends Error {}

const isDeeperThan = (text: string, limit: number): boolean => {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
};

const jsonTextOf = (body: Buffer, form: BodyForm): string => {
  if (!isUtf8(body)) throw new UnreadableBody('The body is not UTF-8');
  const text = body.toString('utf8');
  if (form === 'json') return text;
  const payload = new URLSearchParams(text).get('payload');
  if (payload === null) throw new UnreadableBody('The form has no field "payload"');
  return payload;
};

/** The parsed JSON of a body, from a form's `payload` too. Throws UnreadableBody. */
export const parseHook = (body: Buffer, form: BodyForm): unknown => {
  const text = jsonTextOf(body, form);
  if (isDeeperThan(text, MAX_DEPTH)) throw new UnreadableBody(`The body is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBody('The body is not JSON');
  }
};
