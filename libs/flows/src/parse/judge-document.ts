import type { Fault } from '../fault.js';
import type { Channel, Connection, Environment, Flow } from '../model.js';
import type { Kind, Parsed } from '../schema/kinds.js';
import type { Turns } from '../turns.js';
import { AskedNames, type Asked } from './asked-names.js';
import { buildFlow } from './build-flow.js';
import { buildChannel, buildConnection, buildEnvironment } from './build-others.js';
import { checkMeaning } from './check-meaning.js';
import { checkSchema } from './check-schema.js';
import type { Catalog } from './check-steps.js';
import type { ResourceSource } from './resource-source.js';
import { secretUses, type SecretUse } from './secret-uses.js';

export type Built =
  | { kind: 'Connection'; resource: Connection }
  | { kind: 'Channel'; resource: Channel }
  | { kind: 'Environment'; resource: Environment }
  | { kind: 'Flow'; resource: Flow };

/** All that is to be said of a document by itself, and beside the names that other files define. */
export interface Verdict {
  faults: readonly Fault[];
  /** Undefined when it has errors. */
  built: Built | undefined;
  secrets: readonly SecretUse[];
  /** It holds for as long as all of this is answered alike. */
  asked: readonly Asked[];
}

/** Schema, references, graph and expressions of a document, and what comes of it. */
export function* judgeDocument(source: ResourceSource, { names, actions }: Catalog): Turns<Verdict> {
  const asking = new AskedNames(names);
  const catalog: Catalog = { names: asking, actions };
  const parsed = checkSchema(source, source.kind);
  yield;
  checkMeaning(source, catalog);
  yield;
  const built = parsed && !source.broken ? build(parsed, source, catalog) : undefined;
  const secrets = secretUses(source, catalog);
  return { faults: source.faults, built, secrets, asked: asking.asked() };
}

const build = (parsed: Parsed<Kind>, source: ResourceSource, catalog: Catalog): Built => {
  switch (parsed.kind) {
    case 'Connection': return { kind: parsed.kind, resource: buildConnection(parsed) };
    case 'Channel': return { kind: parsed.kind, resource: buildChannel(parsed) };
    case 'Environment': return { kind: parsed.kind, resource: buildEnvironment(parsed) };
    case 'Flow': return { kind: parsed.kind, resource: buildFlow(parsed, source.yaml.file, catalog) };
  }
};
