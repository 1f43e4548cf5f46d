import type { Fault } from '../fault.js';
import type { Kind } from '../schema/kinds.js';
import type { Path, Position, YamlSource } from './yaml-source.js';

/** A document that says which kind it is, and the faults found in it. */
export class ResourceSource {
  readonly faults: Fault[] = [];
  /** The spec as it was written; whatever is not an object reads as an empty one. */
  readonly spec: Record<string, unknown>;
  readonly name: string | undefined;

  constructor(readonly yaml: YamlSource, readonly kind: Kind) {
    const value = yaml.value as Record<string, unknown>;
    this.spec = mapOf(value.spec);
    const name = mapOf(value.metadata).name;
    this.name = typeof name === 'string' ? name : undefined;
  }

  get broken(): boolean {
    return this.faults.some((fault) => fault.severity === 'error');
  }

  /** At the value of `path`, which begins at the document's root. */
  report(path: Path, message: string): void {
    this.at(this.yaml.valueAt(path), message);
  }

  reportKey(path: Path, message: string): void {
    this.at(this.yaml.keyAt(path), message);
  }

  /** At the character `index` of the text at `path`. */
  reportInText(path: Path, index: number, message: string): void {
    this.at(this.yaml.characterAt(path, index), message);
  }

  warn(path: Path, message: string): void {
    this.at(this.yaml.valueAt(path), message, 'warning');
  }

  warnKey(path: Path, message: string): void {
    this.at(this.yaml.keyAt(path), message, 'warning');
  }

  warnInText(path: Path, index: number, message: string): void {
    this.at(this.yaml.characterAt(path, index), message, 'warning');
  }

  private at({ line, column }: Position, message: string, severity: Fault['severity'] = 'error'): void {
    const known = this.faults.some((fault) => fault.line === line && fault.column === column && fault.message === message);
    if (!known) this.faults.push({ file: this.yaml.file, line, column, message, severity });
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
