import type { ResourceSource } from './resource-source.js';

/** A name of a kind is defined once over all files; the later one is at fault. */
export const checkNamesOnce = (sources: readonly ResourceSource[]): void => {
  const first = new Map<string, ResourceSource>();
  for (const source of sources) {
    if (source.name === undefined) continue;
    const key = `${source.kind} "${source.name}"`;
    const other = first.get(key);
    if (other) source.report(['metadata', 'name'], `${key} is already defined at ${placeOf(other)}`);
    else first.set(key, source);
  }
};

const placeOf = ({ yaml }: ResourceSource): string => `${yaml.file}:${yaml.valueAt(['metadata', 'name']).line}`;
