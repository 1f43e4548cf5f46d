import { Optional } from '@marcbachmann/cel-js';
import { ExpressionError } from './expression.errors.js';
import { Semver } from './semver.js';

/** JSON to CEL: whole numbers become CEL ints (JSON has one kind of number, CEL two), undefined keys are missing ones. */
export const toCel = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : toCel(item)));
  if (typeof value !== 'object' || value === null) return value;
  return mapValues(value as Record<string, unknown>, toCel);
};

/** CEL to JSON. Throws ExpressionError for values that JSON does not have. */
export const fromCel = (value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return integer(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new ExpressionError(`${value} is no JSON number`);
  if (typeof value !== 'object') return value;
  return fromCelObject(value);
};

const fromCelObject = (value: object): unknown => {
  if (Array.isArray(value) || value instanceof Set) return [...value].map(fromCel);
  if (value instanceof Optional) return value.hasValue() ? fromCel(value.value()) : null;
  if (value instanceof Date) return value.toISOString();
  if (isLibraryNumber(value)) return integer(BigInt(String(value)));
  if (value instanceof Semver || tagOf(value) === 'google.protobuf.Duration') return String(value);
  if (value instanceof Map) return mapValues(Object.fromEntries(value) as Record<string, unknown>, fromCel);
  if (isPlain(value)) return mapValues(value as Record<string, unknown>, fromCel);
  throw new ExpressionError(`a value of kind "${String(value)}" cannot be used: expected text, a number, a boolean, a list or a map`);
};

const integer = (value: bigint): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ExpressionError(`${value} is too large for a JSON number: use string(…)`);
  return number;
};

/* The library does not export its classes for durations and unsigned ints; their tags tell them. */
const tagOf = (value: object): unknown => (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];

const isLibraryNumber = (value: object): boolean => String(tagOf(value)).startsWith('value = ');

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

const mapValues = (value: Record<string, unknown>, change: (item: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, change(item)]])));

/** How a JSON value reads inside text. */
export const toText = (value: unknown): string => {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
