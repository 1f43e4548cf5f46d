import { withoutTokens } from '@stellwerk/service-kit';

const HIDDEN = '***';
/** A shorter text may stand in any other: it is hidden only where it stands alone. */
const SHORTEST_PART = 4;

/** As it is, as an address has it, and as a Basic credential; the longest first, so that no part of a longer one is left. */
const formsOf = (secrets: readonly string[]): string[] =>
  [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed()), Buffer.from(secret).toString('base64')]))]
    .filter((form) => form !== '')
    .sort((a, b) => b.length - a.length);

const hideIn = (text: string, forms: readonly string[]): string => {
  if (forms.includes(text)) return HIDDEN;
  return withoutTokens(forms.filter(({ length }) => length >= SHORTEST_PART).reduce((rest, form) => rest.replaceAll(form, HIDDEN), text));
};

const hide = (value: unknown, forms: readonly string[]): unknown => {
  if (typeof value === 'string') return hideIn(value, forms);
  if (typeof value === 'number') return forms.includes(String(value)) ? HIDDEN : value;
  if (Array.isArray(value)) return value.map((item) => hide(item, forms));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [hideIn(name, forms), hide(inner, forms)]));
};

/**
 * The value without the secrets that went out with the call, as an answer may repeat what it was sent: `***` in their place, in texts, names and
 * numbers, also where they are encoded for an address or as base64. Of no deeper value than `readOutputs` lets through.
 */
export const hideSecrets = <T extends object>(value: T, secrets: readonly string[]): T => hide(value, formsOf(secrets)) as T;
