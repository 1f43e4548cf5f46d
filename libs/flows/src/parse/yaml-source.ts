import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser, visit, type Document, type Node, type Pair } from 'yaml';
import type { Fault } from '../fault.js';
import { finished, type Turns } from '../turns.js';
import { offsetInScalar } from './scalar-offset.js';
import { firstLine, isMeantAsText, TAG, unknownAlias, withoutSequels, yamlMessage } from './yaml-faults.js';

export type Path = readonly (string | number)[];

export interface Position {
  line: number;
  column: number;
}

/** One YAML document of a file: its plain value, and where each part of it stands. */
export class YamlSource {
  constructor(
    readonly file: string,
    private readonly text: string,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    /** The document as plain JavaScript. */
    readonly value: unknown,
  ) {}

  /** Where the value at `path` begins; when it is not there, the nearest one around it. */
  valueAt(path: Path): Position {
    const { node, pair } = this.find(path);
    return this.position(node?.range?.[0] ?? keyOffset(pair) ?? this.document.contents?.range[0] ?? 0);
  }

  /** Where the key that ends `path` begins. */
  keyAt(path: Path): Position {
    const { pair, whole } = this.find(path);
    const offset = whole ? keyOffset(pair) : undefined;
    return offset === undefined ? this.valueAt(path) : this.position(offset);
  }

  /** The number at `path` as it stands in the file, where it is one. */
  numberAt(path: Path): string | undefined {
    const { node, whole } = this.find(path);
    return whole && isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
  }

  /** Where the character at `index` of the text at `path` stands in the file. */
  characterAt(path: Path, index: number): Position {
    const { node, whole } = this.find(path);
    return whole && isScalar(node) && node.range ? this.position(offsetInScalar(this.text, node, index)) : this.valueAt(path);
  }

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  private find(path: Path): { node?: Node | null; pair?: Pair; whole: boolean } {
    let node: Node | null | undefined = this.document.contents;
    let pair: Pair | undefined;
    for (const key of path) {
      const holder: Node | null | undefined = isAlias(node) ? node.resolve(this.document) : node;
      const found: Pair | undefined = isMap(holder) ? holder.items.find((item) => keyText(item) === String(key)) : undefined;
      const next = found ? found.value : isSeq(holder) ? holder.items[Number(key)] : undefined;
      if (!found && next === undefined) return { node, pair, whole: false };
      pair = found;
      node = next as Node | null;
    }
    return { node, pair, whole: true };
  }
}

const keyText = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));

const keyOffset = (pair: Pair | undefined): number | undefined => (pair?.key as Node | undefined)?.range?.[0];

export interface YamlFile {
  sources: YamlSource[];
  /** What could be read of documents with syntax errors: good enough to know the names in them. */
  partial: unknown[];
  faults: Fault[];
}

/** Reads every document of a file. A document with a syntax error is reported and left out; one with a repeated key is reported and read on. */
export const readYaml = (file: string, text: string): YamlFile => finished(readingYaml(file, text));

/** The same, to be interrupted behind each document. */
export function* readingYaml(file: string, text: string): Turns<YamlFile> {
  const lines = new LineCounter();
  const result: YamlFile = { sources: [], partial: [], faults: [] };
  const hasAliases = MAY_BE_ALIAS.test(text);
  const report = (message: string, offset = 0): void => {
    const { line, col } = lines.linePos(offset);
    if (result.faults.some((fault) => fault.line === line && fault.column === col && fault.message === message)) return;
    result.faults.push({ file, line: Math.max(1, line), column: Math.max(1, col), message, severity: 'error' });
  };
  for (const document of yield* documentsIn(text, lines, report)) {
    yield;
    for (const error of withoutSequels(document.errors)) report(yamlMessage(error, text), error.pos[0]);
    for (const warning of document.warnings) if (isMeantAsText(warning, text)) report(TAG, warning.pos[0]);
    const loose = hasAliases && withoutLooseAliases(document, report);
    const broken = loose || document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
    const value = plainValue(document, broken ? () => undefined : report);
    if (broken) result.partial.push(value);
    else if (value !== undefined && value !== null) result.sources.push(new YamlSource(file, text, document, lines, value));
  }
  return result;
}

type Report = (message: string, offset?: number) => void;

/** Where a star may begin a value, and never less than that. Most stars are in the middle of a glob, and most files have no alias to look for. */
const MAY_BE_ALIAS = /(?:^|[^\w/.*-])\*/;

/** What `parseAllDocuments` of the library gives, which takes thousands of documents in one go. */
function* documentsIn(text: string, lines: LineCounter, report: Report): Turns<Document.Parsed[]> {
  const documents: Document.Parsed[] = [];
  try {
    const tokens = new Parser(lines.addNewLine).parse(text);
    for (const document of new Composer({ prettyErrors: false, logLevel: 'silent' }).compose(tokens)) {
      documents.push(document);
      yield;
    }
    return documents;
  } catch (error) {
    report(`cannot be read as YAML: ${(error as Error).message}`); // e.g. nested so deeply that the stack ends
    return [];
  }
}

/** Reports aliases that lead nowhere, or to what they stand in, and takes them out, so that the rest can be read; true when there were any. */
const withoutLooseAliases = (document: Document.Parsed, report: Report): boolean => {
  let found = false;
  // An alias means the last anchor before it. Kept on the way, as the library would look through the whole document for each of them.
  const anchors = new Map<string, Node>();
  visit(document, {
    Value: (_key, node) => void (node.anchor !== undefined && anchors.set(node.anchor, node)),
    Alias: (_key, node, around) => {
      const target = anchors.get(node.source);
      if (target && !around.includes(target)) return undefined;
      report(target ? `the anchor "${node.source}" holds itself: an alias in it leads back to it` : unknownAlias(node.source), node.range?.[0]);
      found = true;
      return document.createNode(null);
    },
  });
  return found;
};

/** Undefined, and reported, when aliases explode. */
const plainValue = (document: Document.Parsed, report: Report): unknown => {
  try {
    return jsonOnly(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    report(`cannot be read as YAML: ${firstLine((error as Error).message)}`, document.contents?.range[0]);
    return undefined;
  }
};

/** Also throws for what JSON cannot hold: cycles through anchors. */
const jsonOnly = (value: unknown): unknown => {
  JSON.stringify(value);
  return value;
};
