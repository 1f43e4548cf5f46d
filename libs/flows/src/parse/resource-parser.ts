import { sortFaults, type Fault } from '../fault.js';
import type { ActionLookup, ResourceSet } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Turns } from '../turns.js';
import { checkNamesOnce } from './check-names-once.js';
import type { Built } from './judge-document.js';
import { judgeFile, readKnownFile, type JudgedDocument, type KnownFile } from './known-file.js';
import { collectNames, type KnownNames } from './known-names.js';
import type { ResourceFile } from './read-file.js';
import type { SecretUse } from './secret-uses.js';

export interface ParsedResources {
  /** Only the valid ones, when there are faults. */
  resources: ResourceSet;
  /** Every one at once, by file and place. */
  faults: Fault[];
  /** Every secret that is named; whether it is set is for the caller to find out. */
  secrets: SecretUse[];
}

type ByPath = ReadonlyMap<string, KnownFile>;

const NONE: ByPath = new Map();

/**
 * Reads files into resources: YAML, schema, references, graph, expressions. Never throws: whatever is wrong is a fault.
 * What it found out about a file holds for the next sets with the same text at the same path, where the names that the file
 * refers to are defined as before; it gives the same as one that reads everything anew. It remembers the files of the last two sets:
 * of a change, and of what was there before it.
 */
export class ResourceParser {
  #last = NONE;
  #before = NONE;

  constructor(private readonly actions: ActionLookup) {}

  /** May be interrupted behind each document. */
  *parse(given: readonly ResourceFile[]): Turns<ParsedResources> {
    const files: KnownFile[] = [];
    for (const file of [...given].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      files.push(this.#known(file) ?? (yield* readKnownFile(file)));
      yield;
    }
    const catalog = { names: namesIn(files), actions: this.actions };
    const judged: JudgedDocument[] = [];
    for (const file of files) judged.push(...(yield* judgeFile(file, catalog)));
    [this.#before, this.#last] = [this.#last, new Map(files.map((file) => [file.path, file]))];
    return yield* resourcesOf(judged, files.flatMap(({ faults }) => faults));
  }

  #known({ path, text }: ResourceFile): KnownFile | undefined {
    return [this.#last.get(path), this.#before.get(path)].find((known) => known?.text === text);
  }
}

const namesIn = (files: readonly KnownFile[]): KnownNames => collectNames([
  ...files.flatMap(({ documents }) => documents.flatMap(({ definition }) => definition ?? [])),
  ...files.flatMap(({ partial }) => partial),
]);

function* resourcesOf(judged: readonly JudgedDocument[], faultsOfFiles: readonly Fault[]): Turns<ParsedResources> {
  const twice = checkNamesOnce(judged.map(({ document }) => document));
  yield;
  const set = emptySet();
  for (const { document, verdict } of judged) if (verdict.built && !twice.has(document)) add(set, verdict.built);
  yield;
  const { revision: _, ...content } = set;
  const resources = { ...set, revision: revisionOf(withoutFiles(content)) };
  yield;
  return {
    resources,
    faults: sortFaults([...faultsOfFiles, ...judged.flatMap(({ document, verdict }) => [...verdict.faults, ...(twice.get(document) ? [twice.get(document)!] : [])])]),
    secrets: judged.flatMap(({ verdict }) => verdict.secrets),
  };
}

const emptySet = (): ResourceSet => ({
  revision: '', connections: record(), flows: record(), channels: record(), environments: record(),
});

const record = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

const add = (set: ResourceSet, { kind, resource }: Built): void => {
  if (kind === 'Connection') set.connections[resource.name] = resource;
  else if (kind === 'Channel') set.channels[resource.name] = resource;
  else if (kind === 'Environment') set.environments[resource.name] = resource;
  else set.flows[resource.name] = resource;
};

const withoutFiles = (content: Omit<ResourceSet, 'revision'>): unknown => ({
  ...content, flows: Object.fromEntries(Object.entries(content.flows).map(([name, flow]) => [name, flow.revision])),
});
