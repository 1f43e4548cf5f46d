import { sortFaults, type Fault } from '../fault.js';
import type { ActionLookup, ResourceSet } from '../model.js';
import { revisionOf } from '../revision.js';
import type { Kind, Parsed } from '../schema/kinds.js';
import { buildFlow } from './build-flow.js';
import { buildChannel, buildConnection, buildEnvironment } from './build-others.js';
import { checkAbsent } from './check-absent.js';
import { checkChannel } from './check-channel.js';
import { checkConnection } from './check-connection.js';
import { checkContradictions } from './check-contradictions.js';
import { checkEnvironment } from './check-environment.js';
import { checkExpressions } from './check-expressions.js';
import { checkFilters } from './check-filters.js';
import { checkGraph } from './check-graph.js';
import { checkIdle, checkLabels } from './check-idle.js';
import { checkIncidents } from './check-incidents.js';
import { checkInputs } from './check-inputs.js';
import { checkInputReads } from './check-input-reads.js';
import { checkJoins } from './check-joins.js';
import { checkLastGood } from './check-last-good.js';
import { checkNamesOnce } from './check-names-once.js';
import { checkOtherTriggers } from './check-other-triggers.js';
import { checkPeople } from './check-people.js';
import { checkPlaces } from './check-places.js';
import { checkSchema } from './check-schema.js';
import { checkSecrets } from './check-secrets.js';
import { checkSources } from './check-sources.js';
import { checkSteps, type Catalog } from './check-steps.js';
import { checkOtherTimes, checkTimes } from './check-times.js';
import { checkTold } from './check-told.js';
import { checkTriggers } from './check-triggers.js';
import { checkValues } from './check-values.js';
import { collectNames } from './known-names.js';
import { readResources, type ResourceFile } from './read-resources.js';
import type { ResourceSource } from './resource-source.js';
import { secretUses, type SecretUse } from './secret-uses.js';

export interface ParsedResources {
  /** Only the valid ones, when there are faults. */
  resources: ResourceSet;
  /** Every one at once, by file and place. */
  faults: Fault[];
  /** Every secret that is named; whether it is set is for the caller to find out. */
  secrets: SecretUse[];
}

/** Reads files into resources: YAML, schema, references, graph, expressions. Never throws: whatever is wrong is a fault. */
export const parseResources = (files: readonly ResourceFile[], actions: ActionLookup): ParsedResources => {
  const { sources, partial, faults } = readResources(files);
  const catalog: Catalog = { names: collectNames([...sources.map(({ yaml }) => yaml.value), ...partial]), actions };
  const resources = emptySet();
  const read = sources.map((source) => ({ source, parsed: checkSchema(source, source.kind) }));
  sources.forEach((source) => checkMeaning(source, catalog));
  checkNamesOnce(sources);
  for (const { source, parsed } of read) if (parsed && !source.broken) add(resources, source, parsed, catalog);
  const { revision: _, ...content } = resources;
  return {
    resources: { ...resources, revision: revisionOf(withoutFiles(content)) },
    faults: sortFaults([...faults, ...sources.flatMap((source) => source.faults)]),
    secrets: sources.flatMap((source) => secretUses(source, catalog)),
  };
};

/** Checks over what was written, not over what the schema made of it: a schema fault hides none of theirs. */
const checkMeaning = (source: ResourceSource, catalog: Catalog): void => {
  checkLabels(source);
  checkOtherTimes(source);
  checkSecrets(source, catalog);
  if (source.kind === 'Connection') checkConnection(source, catalog.actions, catalog.names);
  if (source.kind === 'Channel') checkChannel(source);
  if (source.kind === 'Environment') checkEnvironment(source);
  if (source.kind !== 'Flow') return;
  checkTriggers(source, catalog.names);
  checkOtherTriggers(source);
  checkFilters(source, catalog.names);
  checkJoins(source);
  checkSources(source, catalog.names);
  checkContradictions(source);
  checkPlaces(source, catalog.names);
  checkInputs(source);
  checkValues(source);
  checkSteps(source, catalog);
  checkGraph(source);
  checkTimes(source);
  checkIdle(source);
  checkPeople(source, catalog);
  checkIncidents(source, catalog.names);
  checkTold(source, catalog.names);
  checkExpressions(source, catalog);
  checkLastGood(source, catalog.names);
  checkAbsent(source);
  checkInputReads(source);
};

const emptySet = (): ResourceSet => ({
  revision: '', connections: record(), flows: record(), channels: record(), environments: record(),
});

const record = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

const add = (set: ResourceSet, source: ResourceSource, parsed: Parsed<Kind>, catalog: Catalog): void => {
  const { name } = parsed.metadata;
  if (parsed.kind === 'Connection') set.connections[name] = buildConnection(parsed);
  else if (parsed.kind === 'Channel') set.channels[name] = buildChannel(parsed);
  else if (parsed.kind === 'Environment') set.environments[name] = buildEnvironment(parsed);
  else set.flows[name] = buildFlow(parsed, source.yaml.file, catalog);
};

const withoutFiles = (content: Omit<ResourceSet, 'revision'>): unknown => ({
  ...content, flows: Object.fromEntries(Object.entries(content.flows).map(([name, flow]) => [name, flow.revision])),
});
