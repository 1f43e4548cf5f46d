import type { FlowInput, InputType, InputValue } from './model.js';

/** What is wrong with one input, in words for the person who gave it, or did not. */
export interface InputFault {
  input: string;
  detail: string;
}

export interface ReadInputs {
  /** Those that were given, and the defaults of the others. Without a prototype: a look-up finds inputs only. */
  inputs: Record<string, InputValue>;
  /** Every one at once; empty = the inputs may be used. */
  faults: InputFault[];
}

export const NAME_OF_TYPE: Readonly<Record<InputType, string>> = { text: 'text', number: 'a number', boolean: 'true or false' };

const TYPE_OF: Readonly<Record<InputType, string>> = { text: 'string', number: 'number', boolean: 'boolean' };

/** Whether a JSON value is of an input's type. Nothing is converted: "1" is text. */
export const isOfType = (type: InputType, value: unknown): value is InputValue =>
  typeof value === TYPE_OF[type] && (type !== 'number' || Number.isFinite(value));

type Declared = Readonly<Record<string, FlowInput>>;

/** What a flow gets as its inputs from what a person gave: unknown ones, wrong types and missing ones are faults. Never throws. */
export const readInputs = (declared: Declared = {}, given: Readonly<Record<string, unknown>> = {}): ReadInputs => {
  const inputs: Record<string, InputValue> = Object.create(null) as Record<string, InputValue>;
  const faults = unknownOnes(declared, given);
  for (const [name, input] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : input.default;
    const detail = faultOf(input, value);
    if (detail !== undefined) faults.push({ input: name, detail: `input "${name}" ${detail}` });
    else if (value !== undefined) inputs[name] = value as InputValue;
  }
  return { inputs, faults };
};

/** For a run that nobody started by hand. */
export const defaultInputs = (declared: Declared = {}): Record<string, InputValue> =>
  readInputs(Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, { ...input, required: false }]))).inputs;

const unknownOnes = (declared: Declared, given: Readonly<Record<string, unknown>>): InputFault[] => {
  const names = Object.keys(declared);
  const there = names.length === 0 ? 'the flow has none' : `there are ${names.join(', ')}`;
  return Object.keys(given).filter((name) => !Object.hasOwn(declared, name)).map((input) => ({ input, detail: `there is no input "${input}"; ${there}` }));
};

const faultOf = ({ type, required }: FlowInput, value: unknown): string | undefined => {
  if (value === undefined) return required ? `is missing: expected ${NAME_OF_TYPE[type]}` : undefined;
  if (!isOfType(type, value)) return `must be ${NAME_OF_TYPE[type]}, got ${shown(value)}`;
  // Postgres takes neither in a text.
  return typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()) ? 'must contain neither the character NUL nor half a character' : undefined;
};

const LONGEST = 40;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
