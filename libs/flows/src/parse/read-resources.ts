import type { Fault } from '../fault.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import { ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';
import { readYaml, type Path, type YamlSource } from './yaml-source.js';

export interface ResourceFile {
  /** As it shall stand in faults. */
  path: string;
  text: string;
}

interface ReadResources {
  sources: ResourceSource[];
  /** What could be read of documents with syntax errors. */
  partial: unknown[];
  faults: Fault[];
}

/** The resources of all files, by path; what is no resource is reported. */
export const readResources = (files: readonly ResourceFile[]): ReadResources => {
  const sources: ResourceSource[] = [];
  const partial: unknown[] = [];
  const faults: Fault[] = [];
  for (const { path, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = readYaml(path, text);
    faults.push(...file.faults);
    partial.push(...file.partial);
    for (const yaml of file.sources) {
      const problem = problemOf(yaml);
      if (problem) faults.push({ file: path, ...yaml.valueAt(problem.path), message: problem.message, severity: 'error' });
      else sources.push(new ResourceSource(yaml, (yaml.value as { kind: Kind }).kind));
    }
  }
  return { sources, partial, faults };
};

const problemOf = ({ value }: YamlSource): { path: Path; message: string } | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path: [], message: 'expected a resource: a map with kind, metadata and spec' };
  }
  const { kind } = value as { kind?: unknown };
  if (KIND_NAMES.includes(kind as Kind)) return undefined;
  if (typeof kind === 'string') return { path: ['kind'], message: `unknown kind "${kind}"${suggestion(kind, KIND_NAMES)}` };
  return { path: kind === undefined ? [] : ['kind'], message: `${kind === undefined ? '"kind" is missing: ' : ''}expected one of ${KIND_NAMES.join(', ')}` };
};
