import type { ActionSchema, Platform } from '@stellwerk/contracts';
import type { ActionLookup } from '../model.js';
import { hasTemplate } from '../expressions/template.js';
import { KINDS_OF_STEP, STEP_NAME, STEP_NAME_EXPECTED } from '../schema/step.js';
import { isRange } from './address-ranges.js';
import { refusalOf } from './addresses.js';
import { checkGate } from './check-gates.js';
import { checkWith } from './check-with.js';
import type { KnownNames } from './known-names.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';
import type { Path } from './yaml-source.js';

export interface Catalog {
  names: KnownNames;
  actions: ActionLookup;
}

/** Names of steps, what they use, what they need. */
export const checkSteps = (source: ResourceSource, catalog: Catalog): void => {
  const steps = mapOf(source.spec.steps);
  for (const [name, value] of Object.entries(steps)) {
    const path = ['spec', 'steps', name];
    const step = mapOf(value);
    if (!STEP_NAME.test(name)) source.reportKey(path, `${STEP_NAME_EXPECTED}, got "${name}"`);
    if (value === step) checkKind(source, step, path); // what is no map is the schema's to say
    checkGate(source, step, path);
    checkUse(source, step, path, catalog);
    if (step.rollback !== undefined) checkUse(source, mapOf(step.rollback), [...path, 'rollback'], catalog, mapOf(step.rollback).uses === step.uses ? step.await : undefined);
    checkNeeds(source, step.needs, [...path, 'needs'], Object.keys(steps));
    checkEnvironment(source, step.environment, [...path, 'environment'], catalog);
  }
};

const checkKind = (source: ResourceSource, step: Record<string, unknown>, path: Path): void => {
  const kinds = KINDS_OF_STEP.filter((key) => step[key] !== undefined);
  if (kinds.length === 0) source.report(path, '"uses" is missing: expected <connection>/<action>, or a step with approve or wait');
  for (const surplus of kinds.slice(1)) source.reportKey([...path, surplus], `a step has only one of uses, approve, wait; this one also has ${kinds[0]}`);
};

/** `inherited`: whether its end is waited for, where it does not say so itself. */
const checkUse = (source: ResourceSource, step: Record<string, unknown>, path: Path, catalog: Catalog, inherited?: unknown): void => {
  const action = resolveAction(source, step.uses, [...path, 'uses'], catalog);
  if (!action) return;
  checkWith(source, step.with, [...path, 'with'], action);
  checkAddress(source, step, path, { action, names: catalog.names });
  checkAwait(source, step.await, [...path, 'await'], action);
  if (step.timeout !== undefined && !isAwaited(step.await ?? inherited, action)) source.warnKey([...path, 'timeout'], 'the end of no run is waited for here: it does nothing');
};

/** An address that the step brings itself is let through by the same rules as that of its connection. */
const checkOwnAddress = (source: ResourceSource, text: string, path: Path, allow: readonly string[]): void => {
  const url = hasTemplate(text) ? null : URL.parse(text);
  const refusal = url && refusalOf(url.hostname, { secure: url.protocol === 'https:', allow: allow.filter(isRange) });
  if (refusal) source.warn(path, `the call is refused: ${refusal}`);
};

/** An action that may go anywhere has to be told where, by its connection or by itself. */
const checkAddress = (source: ResourceSource, step: Record<string, unknown>, path: Path, { action: { name, addressField }, names }: { action: ActionSchema; names: KnownNames }): void => {
  const connection = String(step.uses).split('/')[0]!;
  const own = addressField === undefined ? undefined : mapOf(step.with)[addressField];
  if (typeof own === 'string') checkOwnAddress(source, own, [...path, 'with', addressField!], names.allowedBy(connection));
  if (addressField === undefined || names.hasUrl(connection) || Object.hasOwn(mapOf(step.with), addressField)) return;
  source.reportKey(step.with === undefined ? path : [...path, 'with'], `connection "${connection}" has no url: ${name} needs "${addressField}", or the connection a \`url\``);
};

const checkAwait = (source: ResourceSource, value: unknown, path: Path, { name, awaits, awaitsPipeline = false }: ActionSchema): void => {
  const { pipeline } = mapOf(value);
  if (value === true && awaitsPipeline) source.report(path, `"${name}" does not tell which run it starts: expected { pipeline: NAME_OR_FILE } or false`);
  else if (value === true && !awaits) source.report(path, `"${name}" has no run to wait for: expected false`);
  if (pipeline !== undefined && !awaitsPipeline) source.reportKey([...path, 'pipeline'], `"${name}" takes no pipeline to wait for: expected ${awaits ? 'true or false' : 'false'}`);
  else if (typeof pipeline === 'string' && hasTemplate(pipeline)) source.report([...path, 'pipeline'], 'the pipeline to wait for takes no ${{ }}');
};

/** As `build-flow.ts` reads it. */
const isAwaited = (value: unknown, { awaits }: ActionSchema): boolean => (value === undefined ? awaits === true : value !== false);

/** The action that a step uses; undefined where that is not to be told, which others report. */
export const actionOf = (uses: unknown, { names, actions }: Catalog): ActionSchema | undefined => {
  const [connection = '', wanted] = typeof uses === 'string' ? uses.split('/') : [];
  const platform = names.platformOf(connection);
  return platform && actions(platform).find(({ name }) => name === wanted);
};

const resolveAction = (source: ResourceSource, uses: unknown, path: Path, { names, actions }: Catalog): ActionSchema | undefined => {
  const match = typeof uses === 'string' ? /^([^/\s]+)\/([^/\s]+)$/.exec(uses) : null;
  if (!match) return undefined; // the schema says so
  const [, connection = '', wanted = ''] = match;
  if (!names.has('Connection', connection)) {
    source.report(path, `unknown connection "${connection}"${suggestion(connection, names.all('Connection'))}`);
    return undefined;
  }
  const platform = names.platformOf(connection);
  return platform && knownAction(source, path, { connection, wanted, platform }, actions);
};

interface Wanted {
  connection: string;
  wanted: string;
  platform: Platform;
}

const knownAction = (source: ResourceSource, path: Path, use: Wanted, actions: ActionLookup): ActionSchema | undefined => {
  const known = actions(use.platform);
  const action = known.find(({ name }) => name === use.wanted);
  if (action) return action;
  const options = known.map(({ name }) => name);
  const instead = options.length === 0 ? `: platform "${use.platform}" has no actions in this version` : suggestion(use.wanted, options);
  source.report(path, `unknown action "${use.wanted}" of connection "${use.connection}" (${use.platform})${instead}`);
  return undefined;
};

const checkNeeds = (source: ResourceSource, needs: unknown, path: Path, steps: string[]): void => {
  for (const { text, path: place } of textsAt(needs, path)) {
    if (text !== '' && !steps.includes(text)) source.report(place, `unknown step "${text}"${suggestion(text, steps)}`);
  }
};

const checkEnvironment = (source: ResourceSource, value: unknown, path: Path, { names }: Catalog): void => {
  if (typeof value !== 'string' || names.has('Environment', value)) return;
  source.report(path, `unknown environment "${value}"${suggestion(value, names.all('Environment'))}`);
};
