/**
 * Readers for outside data: each names what is read, takes nothing on trust and never throws. What does not fit is absent.
 * Values are built anew, so nothing of the sender's objects (prototypes, extra keys) travels on.
 */
export type Reader<T> = (value: unknown) => T | undefined;

export type ReadBy<R> = R extends Reader<infer T> ? T : never;

/** Lone surrogates and NUL are legal JSON but no legal Postgres text. */
const storable = (value: string): string => value.toWellFormed().replaceAll('\u0000', '');

/** A text that is more than blanks, which would name nothing; cut at `max` UTF-16 units. */
export const textUpTo = (max: number): Reader<string> => (value) => {
  const kept = typeof value === 'string' ? storable(value.slice(0, max)) : '';
  return kept.trim() === '' ? undefined : kept;
};

/** Names: branches, repositories, people. */
export const text: Reader<string> = textUpTo(512);

/** The first line of a text for people. */
export const title: Reader<string> = (value) => {
  const line = typeof value === 'string' ? value.slice(0, 2_000).split(/[\r\n]/, 1)[0]?.trim() : undefined;
  return textUpTo(300)(line);
};

export const integer: Reader<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : undefined);

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** A number or a short text, as text; never with a slash, since facts are parted by it. */
export const identifier: Reader<string> = (value) => {
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
};

/** A web address: people will click on it, so no other scheme gets through. */
export const link: Reader<string> = (value) => {
  const address = typeof value === 'string' && value.length <= 2_048 ? URL.parse(value) : null;
  return address && /^https?:$/.test(address.protocol) ? storable(value as string) : undefined;
};

/** `null` told apart from absent, where the platform means something by it. */
export const orNull = <T>(reader: Reader<T>): Reader<T | null> => (value) => (value === null ? null : reader(value));

/** Items that do not fit are left out; what lies beyond `max` is cut. */
export const list = <T>(item: Reader<T>, max = 5_000): Reader<T[]> => (value) => {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, max).map(item).filter((read) => read !== undefined);
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object as it is; its reader has to build it anew. */
export const record: Reader<Record<string, unknown>> = (value) => (isRecord(value) ? value : undefined);

/** Own properties only; every field may be absent. */
export const shape = <F extends Record<string, Reader<unknown>>>(fields: F): Reader<{ [K in keyof F]?: ReadBy<F[K]> }> => {
  const readers = Object.entries(fields);
  return (value) => {
    if (!isRecord(value)) return undefined;
    const read = readers.map(([name, reader]) => [name, Object.hasOwn(value, name) ? reader(value[name]) : undefined]);
    return Object.fromEntries(read.filter(([, found]) => found !== undefined)) as { [K in keyof F]?: ReadBy<F[K]> };
  };
};

/** The same object without its absent fields. */
export const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
