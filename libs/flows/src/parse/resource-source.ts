import type { Kind } from '../schema/kinds.js';
import { Source } from './source.js';
import type { Path, YamlSource } from './yaml-source.js';

/** A document that says which kind it is. */
export class ResourceSource extends Source {
  /** The spec as it was written; whatever is not an object reads as an empty one. */
  readonly spec: Record<string, unknown>;
  readonly name: string | undefined;

  constructor(yaml: YamlSource, readonly kind: Kind) {
    super(yaml);
    const value = yaml.value as Record<string, unknown>;
    this.spec = mapOf(value.spec);
    const name = mapOf(value.metadata).name;
    this.name = typeof name === 'string' ? name : undefined;
  }
}

/** The value when it is a map, else an empty one: checks go on after a schema fault. */
export const mapOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** A text or a list of texts as it was written, each with its path; other values are left to the schema. */
export const textsAt = (value: unknown, path: Path): { text: string; path: Path }[] => {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, i) => (typeof item === 'string' ? [{ text: item, path: [...path, i] }] : []));
};

/** A value or a list of values as it was written, each with its path. */
export const itemsAt = (value: unknown, path: Path): { item: unknown; path: Path }[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map((item: unknown, i) => ({ item, path: [...path, i] })) : [{ item: value, path }];
};
