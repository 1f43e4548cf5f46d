/** What a step gives to later ones as `steps.<name>.outputs`: plain JSON. */
export type Outputs = Record<string, unknown>;

/** Of one attempt, as JSON. */
export const MAX_OUTPUTS_BYTES = 16_384;
/** Of all attempts of a run together, as JSON: every event of a run carries the whole run, and has to fit a message of the broker (1 MB). */
export const MAX_RUN_OUTPUTS_BYTES = 262_144;
/** Objects and lists within each other. */
const MAX_DEPTH = 20;

/** Outputs as they may be kept; or in words for a person why they are not. Neither: there are none. */
export interface ReadOutputs {
  outputs?: Outputs;
  leftOut?: string;
}

const HIDDEN = '***';
/** They reach prototypes. */
const DROPPED = new Set(['__proto__', 'constructor', 'prototype']);
/** Ends of names under which APIs answer with secrets, letters and digits only: `access_token`, `apiKey`, `set-cookie`. */
const SECRET_NAME = /(token|secret|password|passwd|passphrase|authorization|credentials?|apikey|accesskey|privatekey|signingkey|cookies?)$/;

class LeftOut extends Error {}

/**
 * An answer's free JSON as outputs: built anew, with what is named like a secret hidden. Never cut: what is too large, too deep or has a
 * number that JavaScript cannot hold exactly is left out as a whole, so that nobody works with half of it.
 */
export const readOutputs = (value: unknown): ReadOutputs => {
  if (!isRecord(value)) return {};
  try {
    const outputs = copyRecord(value, 1);
    const bytes = sizeOfOutputs(outputs);
    if (bytes > MAX_OUTPUTS_BYTES) return { leftOut: `they have ${bytes} bytes, expected at most ${MAX_OUTPUTS_BYTES}` };
    return Object.keys(outputs).length === 0 ? {} : { outputs };
  } catch (error) {
    if (error instanceof LeftOut) return { leftOut: error.message };
    throw error;
  }
};

/** Bytes of outputs as JSON. */
export const sizeOfOutputs = (outputs: Outputs): number => Buffer.byteLength(JSON.stringify(outputs));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const copyRecord = (record: Record<string, unknown>, depth: number): Outputs =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !DROPPED.has(name)).map(([name, inner]) => [copyText(name), namesSecret(name) ? hidden(inner) : copy(inner, depth)]));

const namesSecret = (name: string): boolean => SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''));

/** An empty value is no secret, and tells a flow that there is none. */
const hidden = (value: unknown): unknown => (value === null || value === '' || typeof value === 'boolean' ? value : HIDDEN);

const copy = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return copyText(value);
  if (typeof value === 'number') return copyNumber(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (depth === MAX_DEPTH) throw new LeftOut(`they are deeper than ${MAX_DEPTH} objects and lists within each other`);
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  return isRecord(value) ? copyRecord(value, depth + 1) : null;
};

/** Lone surrogates and NUL are legal JSON but no legal Postgres text. */
const copyText = (text: string): string => text.toWellFormed().replaceAll('\0', '');

const copyNumber = (value: number): number => {
  if (Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value))) return value;
  throw new LeftOut('they have a number that is not kept exactly: give it as a text');
};
