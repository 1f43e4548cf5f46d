import type { Environment } from '@marcbachmann/cel-js';
import type { ChangeRef, PipelineRunRef } from '@stellwerk/contracts';
import type { EventContext, InputType } from '../model.js';
import { LRUCache } from 'lru-cache';
import { LANGUAGE, STATUS_FUNCTIONS, type Variable } from './cel.js';

/** What an expression at one place of a flow may name. */
export interface Declarations {
  variables: readonly Variable[];
  env: readonly string[];
  /** Undefined: the type as it is written is none. */
  inputs: Readonly<Record<string, InputType | undefined>>;
  steps: readonly string[];
  /** Names of outputs by step; of a step that is not there any name may come. */
  outputs: ReadonlyMap<string, readonly string[]>;
  /** Parts of the flow's joins. */
  events: readonly string[];
  statusFunctions: boolean;
}

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

/** Types of fixed shape: name → fields. */
const TYPES: Readonly<Record<string, Fields>> = {
  EventRun: RUN_OF_EVENT,
  Change: CHANGE,
  Event: EVENT,
  StepRun: { id: 'string', url: 'string' },
  Step: STEP,
  Run: { id: 'string', attempt: 'int', url: 'string' },
  EnvironmentOfStep: { name: 'string', lastGood: 'map<string, dyn>' },
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
  return names && fieldsOf(names, 'dyn');
};

/** Other names are faults of their own, and no fields of a type. */
const identifiersOf = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => /^[A-Za-z]\w*$/.test(name)));

/** Environments that were needed last: flows with other inputs have another one. */
const environments = new LRUCache<string, Environment>({ max: 500 });

/** The language with these variables, typed, and nothing else. Made once per set of variables and inputs: that is the slow part. */
export const typedEnvironment = (declared: Declarations): Environment => {
  const inputs = declared.variables.includes('inputs') ? identifiersOf(fieldsOfInputs(declared)) : {};
  const key = JSON.stringify([declared.variables, declared.statusFunctions, inputs]);
  const known = environments.get(key) ?? createEnvironment(declared, inputs);
  environments.set(key, known);
  return known;
};

const createEnvironment = ({ variables, statusFunctions }: Declarations, inputs: Fields): Environment => {
  const environment = LANGUAGE.clone();
  const hasInputs = Object.keys(inputs).length > 0;
  for (const [name, fields] of Object.entries(TYPES)) environment.registerType(name, { fields: { ...fields } });
  if (hasInputs) environment.registerType('Inputs', { fields: { ...inputs } });
  for (const variable of variables) environment.registerVariable(variable, variable === 'inputs' && hasInputs ? 'Inputs' : TYPE_OF[variable]);
  if (statusFunctions) for (const name of STATUS_FUNCTIONS) environment.registerFunction(`${name}(): bool`, () => true, { async: false });
  return environment;
};
