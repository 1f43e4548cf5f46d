import { createHash } from 'node:crypto';

/** What may be part of a message id and a header as it is. */
const PLAIN = /^[A-Za-z0-9._~:+/=-]{1,200}$/;

/** What our own ids say of replays: a sender's id must not look like one. */
const OURS = /:(replay|again):/;

/** The sender's id of a delivery; hashed when it is too long or odd to be part of ours. Undefined when there is none. */
export const plainDelivery = (value: string | undefined): string | undefined => {
  if (!value) return undefined;
  return PLAIN.test(value) && !OURS.test(value) ? value : createHash('sha256').update(value).digest('hex');
};

/** SHA-256 of the parts: the same delivery again gives the same id. */
export const contentDelivery = (...parts: readonly (string | Buffer)[]): string =>
  parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
