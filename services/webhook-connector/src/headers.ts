import { asTexts, type Fields } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** RFC 9110: no line breaks, so that no value becomes a header of its own. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Ours, and those that frame the request. */
const RESERVED = /^(webhook-.*|stellwerk-.*|host|content-length|content-type|transfer-encoding|connection|upgrade|expect|te|trailer|keep-alive|proxy-.*)$/i;

/** The `headers` of a step's `with`. @throws PermanentError for names and values that are none, and for those that are not the user's to set */
export const headersOf = (fields: Fields): Record<string, string> => {
  const headers = asTexts(fields.mapOf('headers'));
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) throw new PermanentError(`headers: "${name}" is no name of a header`);
    if (RESERVED.test(name)) throw new PermanentError(`headers: "${name}" is set by Stellwerk and cannot be chosen`);
    if (!VALUE.test(value)) throw new PermanentError(`headers: the value of "${name}" has characters that no header takes (line breaks, or other than Latin-1)`);
  }
  return headers;
};
