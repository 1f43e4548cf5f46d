import type { Fault } from '../fault.js';
import type { Kind } from '../schema/kinds.js';
import type { Position } from './yaml-source.js';

/** A document, by the name that it defines. */
export interface Named {
  file: string;
  kind: Kind;
  /** Undefined where it has none: its schema says so. */
  name: string | undefined;
  /** Of the name. */
  position: Position;
}

/** A name of a kind is defined once over all files; the later one is at fault. */
export const checkNamesOnce = (documents: readonly Named[]): Map<Named, Fault> => {
  const first = new Map<string, Named>();
  const faults = new Map<Named, Fault>();
  for (const document of documents) {
    if (document.name === undefined) continue;
    const key = `${document.kind} "${document.name}"`;
    const other = first.get(key);
    if (!other) first.set(key, document);
    else faults.set(document, { file: document.file, ...document.position, message: `${key} is already defined at ${other.file}:${other.position.line}`, severity: 'error' });
  }
  return faults;
};
