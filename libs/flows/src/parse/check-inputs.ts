import { hasTemplate } from '../expressions/template.js';
import { INPUT_TYPES, type InputType } from '../model.js';
import { isOfType, NAME_OF_TYPE } from '../inputs.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import { isEndless } from './written.js';

/** As they can stand behind `inputs.` in an expression. */
const NAME = /^[A-Za-z]\w{0,39}$/;

/** Names of inputs, and that their defaults are of their types; and that something can start the flow at all. */
export const checkInputs = (source: ResourceSource): void => {
  const { on, inputs } = source.spec;
  if (on === undefined && inputs === undefined) {
    source.report(['spec'], 'nothing starts it: expected "on" with a trigger, or "inputs" (may be {}) for a flow that only people start');
  }
  for (const [name, value] of Object.entries(mapOf(inputs))) {
    const path = ['spec', 'inputs', name];
    if (!NAME.test(name)) source.reportKey(path, `input "${name}": expected a name of 1 to 40 characters out of letters, digits and _, a letter first`);
    checkDefault(source, path, mapOf(value));
  }
};

const checkDefault = (source: ResourceSource, path: string[], { type = 'text', default: value, required }: Record<string, unknown>): void => {
  if (!['string', 'number', 'boolean'].includes(typeof value) || isEndless(value) || !isType(type)) return; // else the schema says so
  if (!isOfType(type, value)) source.report([...path, 'default'], `expected ${NAME_OF_TYPE[type]}, as the input is of type ${type}`);
  if (typeof value === 'string' && hasTemplate(value)) source.warn([...path, 'default'], 'a default takes no ${{ }}: it would be given as it is written');
  if (required === true) source.warnKey([...path, 'required'], 'it is never missing, as it has a default');
};

const isType = (type: unknown): type is InputType => INPUT_TYPES.includes(type as InputType);

/** The types of the inputs, as they are written. */
export const inputTypesOf = ({ spec }: ResourceSource): Record<string, InputType | undefined> =>
  Object.fromEntries(Object.entries(mapOf(spec.inputs)).map(([name, value]) => {
    const { type = 'text' } = mapOf(value);
    return [name, isType(type) ? type : undefined];
  }));
