import type { Fault } from '../fault.js';
import { KIND_NAMES, type Kind } from '../schema/kinds.js';
import type { Turns } from '../turns.js';
import { definitionIn, type Definition } from './known-names.js';
import { ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';
import { readingYaml, type Path, type YamlSource } from './yaml-source.js';

export interface ResourceFile {
  /** As it shall stand in faults. */
  path: string;
  text: string;
}

export interface ReadFile {
  sources: ResourceSource[];
  /** Names in documents with syntax errors, as far as they could be read. */
  partial: Definition[];
  faults: Fault[];
}

/** The resources of a file; what is no resource is reported. */
export function* readFile({ path, text }: ResourceFile): Turns<ReadFile> {
  const { sources, partial, faults } = yield* readingYaml(path, text);
  const read: ReadFile = { sources: [], partial: partial.flatMap((value) => definitionIn(value) ?? []), faults };
  for (const yaml of sources) {
    const problem = problemOf(yaml);
    if (problem) faults.push({ file: path, ...yaml.valueAt(problem.path), message: problem.message, severity: 'error' });
    else read.sources.push(new ResourceSource(yaml, (yaml.value as { kind: Kind }).kind));
  }
  return read;
}

const problemOf = ({ value }: YamlSource): { path: Path; message: string } | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path: [], message: 'expected a resource: a map with kind, metadata and spec' };
  }
  const { kind } = value as { kind?: unknown };
  if (KIND_NAMES.includes(kind as Kind)) return undefined;
  if (typeof kind === 'string') return { path: ['kind'], message: `unknown kind "${kind}"${suggestion(kind, KIND_NAMES)}` };
  return { path: kind === undefined ? [] : ['kind'], message: `${kind === undefined ? '"kind" is missing: ' : ''}expected one of ${KIND_NAMES.join(', ')}` };
};
