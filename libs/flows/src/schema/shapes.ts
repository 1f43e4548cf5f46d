import { z } from 'zod';
import { DURATION, DURATION_EXPECTED, parseDuration } from '../duration.js';

/* The parts that all kinds share. Each says what it expects: that text is what a person reads under a fault. */

export const NAME = /^[a-z0-9-]{1,40}$/;
export const NAME_EXPECTED = 'expected a name of 1 to 40 characters out of a-z, 0-9 and -';

/** What a key is for, and how it is written; the language reference is made of it, and editors show it. */
export const said = (description: string, example?: unknown): { description: string; example?: unknown } =>
  ({ description, ...(example !== undefined && { example }) });

/** An object that takes these keys only; the message of an unknown key lists the known ones. */
export const closed = <T extends z.ZodRawShape>(shape: T, expected: string) =>
  z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expected) });

export const text = (expected = 'expected text') => z.string({ error: expected }).min(1, { error: `${expected}, not an empty one` });

export const name = z.string({ error: NAME_EXPECTED }).regex(NAME, { error: NAME_EXPECTED });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

export const flag = z.boolean({ error: 'expected true or false' });

export const whole = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });
};

/** A length of time, given in milliseconds. */
export const duration = z.string({ error: DURATION_EXPECTED }).regex(DURATION, { error: DURATION_EXPECTED })
  .transform((value) => parseDuration(value) ?? 0)
  .meta({ description: 'A length of time: 500ms, 90s, 10m, 2h, 1h30m' });

const LONGEST_MS = 365 * 24 * 3_600_000;

/** A time limit: more than nothing, at most a year. */
export const timeLimit = duration.refine((ms) => ms > 0 && ms <= LONGEST_MS, { error: 'expected a duration above 0 and at most 8760h' });

/** One or several of something; always a list afterwards. */
export const oneOrMore = <T extends z.ZodType>(item: T, expected: string) => {
  const several = `expected ${expected} or a list of it`;
  return z.union([item, z.array(item, { error: several }).min(1, { error: `${several}, not an empty one` })], { error: several })
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);
};

/** Text filters of triggers and environments. */
export const globs = oneOrMore(text(), 'text').meta({
  id: 'globs',
  description: 'Text or a list of it; * stays within a segment, ** crosses segments, ! excludes; a list of only !x takes everything else. A missing value never matches.',
});

/** How a secret is written. */
export const SECRET_REFERENCE = '{ env: NAME } or { file: PATH }';

export const SECRET_EXPECTED = `expected a secret by reference, ${SECRET_REFERENCE}; never the secret itself`;

export const secret = z.union([
  closed({ env: text(SECRET_EXPECTED) }, SECRET_EXPECTED),
  closed({ file: text(SECRET_EXPECTED) }, SECRET_EXPECTED),
], { error: SECRET_EXPECTED }).meta({ id: 'secret', description: 'A secret by reference: an environment variable or a file' });

export const secrets = z.array(secret, { error: 'expected a list of secrets, each { env: NAME } or { file: PATH }' });

/** CEL as people write it: `if: false` is YAML's false, not text. */
export const condition = z.union([text('expected an expression'), z.boolean()], { error: 'expected an expression' })
  .transform(String).meta({ description: 'A CEL expression, with or without ${{ }}' });

const SCALAR_EXPECTED = 'expected text, a number or a boolean';
export const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: SCALAR_EXPECTED }).transform(String), {
  error: 'expected names with texts',
});

export const CIDR_EXPECTED = 'expected an address range such as 10.0.0.0/8';
export const network = closed({
  allow: z.array(text(CIDR_EXPECTED), { error: 'expected a list of address ranges such as 10.0.0.0/8' })
    .meta(said('Private address ranges that calls may go to; loopback too has to be listed', ['10.0.0.0/8'])),
}, 'expected { allow: [address ranges] }');

export const anyMap = (expected: string) => z.record(z.string(), z.unknown(), { error: expected });

export const API_VERSION = 'stellwerk.dev/v1';

/** The frame around every kind's `spec`. */
export const resource = <K extends string, T extends z.ZodType>(kind: K, spec: T, description: string) =>
  closed({
    apiVersion: z.literal(API_VERSION, { error: `expected ${API_VERSION}` }).optional().meta(said('Version of the language', API_VERSION)),
    kind: z.literal(kind).meta(said('What the document describes', kind)),
    metadata: closed({
      name: name.meta(said('1 to 40 characters out of a-z, 0-9 and -; once for each kind over all files', 'shop')),
      labels: labels.optional().meta(said('For people and filters; of a flow also what tokens name that are for some flows only. Text: a number or true is read as text, 1.10 as "1.1", and lint warns of it', { team: 'shop' })),
    }, 'expected { name: … }').meta(said('How it is called', { name: 'shop' })),
    spec,
  }, `expected a ${kind}`).meta({ description });
