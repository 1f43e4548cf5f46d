import type { Fault } from '../fault.js';
import type { Turns } from '../turns.js';
import { isAnsweredAlike } from './asked-names.js';
import type { Named } from './check-names-once.js';
import type { Catalog } from './check-steps.js';
import { judgeDocument, type Verdict } from './judge-document.js';
import { definitionIn, type Definition } from './known-names.js';
import { readFile, type ResourceFile } from './read-file.js';
import type { ResourceSource } from './resource-source.js';

interface KnownDocument extends Named {
  definition: Definition | undefined;
  /** Until it is judged: the tree of a document takes many times the room of what comes of it. */
  source: ResourceSource | undefined;
  verdict: Verdict | undefined;
}

/** A file with this text, and what has been found out about it. */
export interface KnownFile extends ResourceFile {
  faults: readonly Fault[];
  partial: readonly Definition[];
  documents: readonly KnownDocument[];
}

export function* readKnownFile(file: ResourceFile): Turns<KnownFile> {
  const { sources, partial, faults } = yield* readFile(file);
  return { ...file, faults, partial, documents: sources.map(toDocument) };
}

const toDocument = (source: ResourceSource): KnownDocument => ({
  file: source.yaml.file, kind: source.kind, name: source.name, position: source.yaml.valueAt(['metadata', 'name']),
  definition: definitionIn(source.yaml.value), source, verdict: undefined,
});

/** A document of a file, and what is said of it beside the others of its set. */
export interface JudgedDocument {
  document: Named;
  verdict: Verdict;
}

/** Checks what has not been checked, or was checked beside other names. The file is read again only for the latter. */
export function* judgeFile(file: KnownFile, catalog: Catalog): Turns<JudgedDocument[]> {
  const judged: JudgedDocument[] = [];
  let again: readonly ResourceSource[] | undefined;
  for (const [at, document] of file.documents.entries()) {
    if (!document.verdict || !isAnsweredAlike(document.verdict.asked, catalog.names)) {
      const source = document.source ?? (again ??= (yield* readFile(file)).sources)[at]!;
      document.source = undefined;
      document.verdict = yield* judgeDocument(source, catalog);
    }
    judged.push({ document, verdict: document.verdict });
    yield;
  }
  return judged;
}
