import { isUtf8 } from 'node:buffer';
import type { BodyForm } from './content-types.js';

/** Real hooks stay below 20; deeper ones are made to exhaust somebody's stack. */
const MAX_DEPTH = 128;

/** Why a body cannot be read, in words for its sender. */
export class UnreadableBody extends Error {}

/** A parser fed with nothing but brackets needs 50 bytes for each: texts beyond this are looked through before they are parsed. */
const PARSED_AT_ONCE = 256 * 1_024;

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

/** The same of what was parsed; for usual hooks a tenth of the time. */
const nestsDeeperThan = (value: unknown, limit: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  for (const key in value) if (nestsDeeperThan((value as Record<string, unknown>)[key], limit - 1)) return true;
  return false;
};

const tooDeep = (): UnreadableBody => new UnreadableBody(`The body is nested deeper than ${MAX_DEPTH} levels`);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBody('The body is not JSON');
  }
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
  const isShort = text.length <= PARSED_AT_ONCE;
  if (!isShort && isDeeperThan(text, MAX_DEPTH)) throw tooDeep();
  const value = parsed(text);
  if (isShort && nestsDeeperThan(value, MAX_DEPTH)) throw tooDeep();
  return value;
};
