import type { Environment } from '@marcbachmann/cel-js';
import type { ChangeRef, OutputSpec, PipelineRunRef } from '@stellwerk/contracts';
import type { EventContext, InputType } from '../model.js';
import { LRUCache } from 'lru-cache';
import { LANGUAGE, STATUS_FUNCTIONS, type Variable } from './cel.js';

/** What an expression at one place of a flow may name. */
export interface Declarations {
  variables: readonly Variable[];
  env: readonly string[];
  /** Of those whose type is known; each of the others may be anything. */
  envTypes: Readonly<Record<string, string>>;
  /** Undefined: the type as it is written is none. */
  inputs: Readonly<Record<string, InputType | undefined>>;
  steps: readonly string[];
  /** Names and types of outputs by step; of a step that is not there any name may come. */
  outputs: ReadonlyMap<string, Readonly<Record<string, OutputSpec['type']>>>;
  /** Parts of the flow's joins. */
  events: readonly string[];
  statusFunctions: boolean;
  /** The variables of `OUTPUT_VARIABLES` are there as well. */
  outputVariables?: boolean;
}

/** Stand in the place of an output while types are checked: maps have one type of values, and outputs of one step have several. */
export const OUTPUT_VARIABLES: Readonly<Record<OutputSpec['type'], { name: string; type: string }>> = {
  text: { name: 'output_text', type: 'string' }, integer: { name: 'output_int', type: 'int' },
};

type Fields = Readonly<Record<string, string>>;

const RUN_OF_EVENT = { id: 'string', attempt: 'int', number: 'int', url: 'string' } satisfies Record<keyof PipelineRunRef, string>;
const CHANGE = { number: 'int', url: 'string', title: 'string' } satisfies Record<keyof ChangeRef, string>;

const EVENT = {
  id: 'string', type: 'string', fact: 'string', connection: 'string', platform: 'string', repository: 'string', branch: 'string',
  tag: 'string', sha: 'string', base: 'string', pipeline: 'string', pipelineFile: 'string', run: 'EventRun', outcome: 'string',
  cause: 'string', fork: 'bool', environment: 'string', actor: 'string', title: 'string', url: 'string', change: 'Change',
  paths: 'list<string>', payload: 'map<string, dyn>', startedAt: 'string', finishedAt: 'string', jobsFinishedAt: 'string', occurredAt: 'string',
  outputs: 'map<string, dyn>', correlation: 'string', causedBy: 'string', raw: 'map<string, dyn>', hook: 'string',
} satisfies Record<keyof EventContext, string>;

const STEP = { state: 'string', outcome: 'string', run: 'StepRun', outputs: 'map<string, dyn>' };

/** Types of fixed shape: name → fields; each behind those that its fields have. */
const TYPES: Readonly<Record<string, Fields>> = {
  EventRun: RUN_OF_EVENT,
  Change: CHANGE,
  Event: EVENT,
  StepRun: { id: 'string', url: 'string' },
  Step: STEP,
  Run: { id: 'string', attempt: 'int', url: 'string' },
  LastGoodRun: { id: 'string' },
  LastGood: { run: 'LastGoodRun', event: 'Event', env: 'map<string, dyn>', deployedAt: 'string' },
  EnvironmentOfStep: { name: 'string', lastGood: 'LastGood' },
};

/** JSON has one kind of number and CEL two, so a number may be either. */
const TYPE_OF_INPUT: Readonly<Record<InputType, string>> = { text: 'string', number: 'dyn', boolean: 'bool' };

/** Maps whose names a flow declares: CEL sees maps, so that flows share one environment; `fieldsAt` knows the names. Inputs have types of their own. */
const TYPE_OF: Readonly<Record<Variable, string>> = {
  event: 'Event', inputs: 'map<string, dyn>', env: 'map<string, dyn>', steps: 'map<string, Step>', run: 'Run', environment: 'EnvironmentOfStep',
  events: 'map<string, Event>',
};

/** What expressions may name, for the reference: types by variable, and the fields of types of fixed shape. */
export const expressionTypes = (): { variables: Readonly<Record<Variable, string>>; types: Readonly<Record<string, Fields>> } => ({ variables: TYPE_OF, types: TYPES });

const namesOf = (declared: Declarations, variable: Variable): Fields | undefined => {
  if (variable === 'steps') return fieldsOf(declared.steps, 'Step');
  if (variable === 'events') return fieldsOf(declared.events, 'Event');
  if (variable === 'env') return fieldsOf(declared.env, 'dyn');
  if (variable === 'inputs') return fieldsOfInputs(declared);
  return TYPES[TYPE_OF[variable]];
};

const fieldsOfInputs = ({ inputs }: Declarations): Fields =>
  Object.fromEntries(Object.entries(inputs).map(([name, type]) => [name, type === undefined ? 'dyn' : TYPE_OF_INPUT[type]]));

const fieldsOf = (names: readonly string[], type: string): Fields => Object.fromEntries(names.map((name) => [name, type]));

/** The fields of what a path of names leads to, e.g. `event.run`; undefined when they are not known in advance. */
export const fieldsAt = (declared: Declarations, path: readonly string[]): Fields | undefined => {
  const [root, ...rest] = path;
  if (!declared.variables.includes(root as Variable)) return undefined;
  if (isOutputs(path)) return outputsOf(declared, path[1]!);
  let fields = namesOf(declared, root as Variable);
  for (const name of rest) fields = fields && Object.hasOwn(fields, name) ? TYPES[fields[name]!] : undefined;
  return fields;
};

/** `steps.<name>.outputs`. */
export const isOutputs = (path: readonly string[]): boolean => path.length === 3 && path[0] === 'steps' && path[2] === 'outputs';

const outputsOf = ({ outputs }: Declarations, step: string): Fields | undefined => {
  const names = outputs.get(step);
  return names && fieldsOf(Object.keys(names), 'dyn');
};

/** Other names are faults of their own, and no fields of a type. */
const identifiersOf = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => isIdentifier(name)));

const isIdentifier = (name: string): boolean => /^[A-Za-z]\w*$/.test(name);

/** Environments that were needed last: flows with other inputs have another one. */
const environments = new LRUCache<string, Environment>({ max: 500 });

/** The language with these variables, typed, and nothing else. Made once per set of variables and inputs: that is the slow part. */
export const typedEnvironment = (declared: Declarations): Environment => {
  const fields = { inputs: declared.variables.includes('inputs') ? identifiersOf(fieldsOfInputs(declared)) : {}, env: fieldsOfEnv(declared) };
  const key = JSON.stringify([declared.variables, declared.statusFunctions, declared.outputVariables, fields]);
  const known = environments.get(key) ?? createEnvironment(declared, fields);
  environments.set(key, known);
  return known;
};

/** Names that are no identifiers cannot be fields of a type: then none is. */
const fieldsOfEnv = ({ variables, env, envTypes }: Declarations): Fields => {
  if (Object.keys(envTypes).length === 0 || !variables.includes('env') || !env.every(isIdentifier)) return {};
  return Object.fromEntries(env.map((name) => [name, Object.hasOwn(envTypes, name) ? envTypes[name]! : 'dyn']));
};

const createEnvironment = ({ variables, statusFunctions, outputVariables = false }: Declarations, fields: { inputs: Fields; env: Fields }): Environment => {
  const environment = LANGUAGE.clone();
  for (const [name, fields] of Object.entries(TYPES)) environment.registerType(name, { fields: { ...fields } });
  const typeOf: Record<Variable, string> = { ...TYPE_OF };
  for (const [variable, type] of [['inputs', 'Inputs'], ['env', 'Env']] as const) {
    if (Object.keys(fields[variable]).length === 0) continue;
    environment.registerType(type, { fields: { ...fields[variable] } });
    typeOf[variable] = type;
  }
  for (const variable of variables) environment.registerVariable(variable, typeOf[variable]);
  if (outputVariables) for (const { name, type } of Object.values(OUTPUT_VARIABLES)) environment.registerVariable(name, type);
  if (statusFunctions) for (const name of STATUS_FUNCTIONS) environment.registerFunction(`${name}(): bool`, () => true, { async: false });
  return environment;
};
