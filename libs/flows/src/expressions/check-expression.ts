import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { suggestion } from '../parse/suggest.js';
import { STATUS_FUNCTIONS, VARIABLES } from './cel.js';
import { fieldsAt, isOutputs, typedEnvironment, type Declarations } from './declared-types.js';
import { expressionError } from './expression.errors.js';
import { LinearRegex } from './regex/linear-regex.js';
import { calledFunction, pathOf, walk } from './syntax-tree.js';
import { typedExpression } from './typed-expression.js';
import { withTypedOutputs } from './typed-outputs.js';

/** A fault in an expression; `offset` counts characters from its beginning. */
export interface ExpressionFault {
  offset: number;
  message: string;
}

export interface CheckedExpression {
  faults: ExpressionFault[];
  /** What is possible, and surely not meant. */
  warnings: ExpressionFault[];
  /** Steps that it reads. */
  steps: { name: string; offset: number }[];
}

/** Parses and type-checks expressions against what may be named at one place. */
export class ExpressionChecker {
  readonly #environment: Environment;
  #strictEnvironment: Environment | undefined;

  constructor(private readonly declared: Declarations) {
    this.#environment = typedEnvironment({ ...declared, envTypes: {} });
  }

  /** `condition`: the expression has to give true or false. */
  check(expression: string, condition: boolean): CheckedExpression {
    try {
      const typed = typedExpression(this.#environment, expression);
      const result = this.#names(typed.ast);
      if (result.faults.length > 0) return result;
      const { valid, type, error } = typed.checked;
      if (!valid) return { ...result, faults: [this.#fault(error, expression)] };
      if (condition && type !== 'bool' && type !== 'dyn') result.faults.push({ offset: 0, message: `expected true or false, got ${type}` });
      const misfits = this.#misfits(typed.ast, expression, condition);
      return { ...result, faults: [...result.faults, ...misfits.filter((one) => !isMixed(one))], warnings: [...typed.warnings, ...misfits.filter(isMixed)] };
    } catch (error) {
      return { faults: [this.#fault(error, expression)], warnings: [], steps: [] };
    }
  }

  /** The type of what it gives; undefined where it has faults. */
  typeOf(expression: string): string | undefined {
    try {
      const { valid, type } = typedExpression(this.#environment, expression).checked;
      return valid ? type : undefined;
    } catch {
      return undefined; // `check` says why
    }
  }

  /** The type of what it gives, with those of `env` and of outputs; undefined where it has faults. */
  strictTypeOf(expression: string): string | undefined {
    try {
      const typed = withTypedOutputs(typedExpression(this.#environment, expression).ast, expression, this.declared.outputs);
      const { valid, type } = typedExpression(this.#strict(), typed).checked;
      return valid ? type : undefined;
    } catch {
      return undefined; // `check` says why
    }
  }

  /** By the types of `env` and of outputs, where these are sure: as any other types that do not fit. */
  #misfits(root: ASTNode, expression: string, condition: boolean): ExpressionFault[] {
    const isPlain = pathOf(root) !== undefined && !condition;
    const typed = withTypedOutputs(root, expression, this.declared.outputs);
    const readsEnv = Object.keys(this.declared.envTypes).length > 0 && /\benv\b/.test(expression);
    if (isPlain || (!readsEnv && typed === expression)) return [];
    const { valid, type, error } = typedExpression(this.#strict(), typed).checked;
    if (!valid) return [this.#fault(error, expression)];
    return condition && type !== 'bool' && type !== 'dyn' ? [{ offset: 0, message: `expected true or false, got ${type}` }] : [];
  }

  /** One for the whole flow, as making one is slow: which names are known at this place has been checked before. */
  #strict(): Environment {
    return (this.#strictEnvironment ??= typedEnvironment({ ...this.declared, variables: VARIABLES, statusFunctions: true, outputVariables: true }));
  }

  #names(root: ASTNode): CheckedExpression {
    const result: CheckedExpression = { faults: [], warnings: [], steps: [] };
    walk(root, (node) => {
      const message = this.#unknownField(node) ?? this.#unknownFunction(node);
      const path = pathOf(node);
      if (message) result.faults.push({ offset: node.pos, message });
      else if (node.op === 'rcall') result.faults.push(...badPatterns(node.args));
      else if (path?.length === 2 && path[0] === 'steps') result.steps.push({ name: path[1]!, offset: node.pos });
    });
    return result;
  }

  #unknownField(node: ASTNode): string | undefined {
    const path = pathOf(node);
    const fields = path && path.length > 1 ? fieldsAt(this.declared, path.slice(0, -1)) : undefined;
    const field = path?.at(-1);
    if (!fields || field === undefined || Object.hasOwn(fields, field)) return undefined;
    const [place, known] = [path!.slice(0, -1), Object.keys(fields)];
    const noOutputs = isOutputs(place) && known.length === 0 ? ': what this step uses has no outputs' : '';
    return `unknown ${kindAt(place)} "${path!.join('.')}"${noOutputs || suggestion(field, known)}`;
  }

  #unknownFunction(node: ASTNode): string | undefined {
    const called = calledFunction(node);
    if (called === undefined || this.declared.statusFunctions || !STATUS_FUNCTIONS.includes(called as never)) return undefined;
    return `${called}() is possible only in the if of a step`;
  }

  #fault(error: unknown, expression: string): ExpressionFault {
    const { message, offset } = expressionError(error);
    const variables = this.declared.variables.join(', ');
    const called = STATUS_FUNCTIONS.find((name) => this.declared.statusFunctions && message === `"${name}" is not known here`);
    if (called !== undefined) return { offset: offset ?? 0, message: `${message}: expected ${called}()` };
    return { offset: offset ?? 0, message: message.endsWith('is not known here') ? `${message}: expected one of ${variables}` : message + wordHint(message, expression) };
  }
}

/** `has(steps.a.outputs.number) ? steps.a.outputs.number : ''` gives two types, and yet a value whenever it is asked: flows in force have it. */
const isMixed = ({ message }: ExpressionFault): boolean => /^(Ternary branches must have the same type|optional\..* argument must be compatible type)/.test(message);

const OPERATORS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

/** Who knows other languages writes words, and what the library says of them names single letters. */
const wordHint = (message: string, expression: string): string => {
  const word = message.startsWith('Unexpected') ? /(?:^|\s)(and|or|not)\s/i.exec(expression.replaceAll(/"[^"]*"|'[^']*'/g, ''))?.[1] : undefined;
  return word === undefined ? '' : ` (expected ${OPERATORS[word.toLowerCase()]!} instead of ${word})`;
};

const kindAt = (place: readonly string[]): string => (isOutputs(place) ? 'output' : place.join('.') === 'steps' ? 'step' : 'value');

/** A pattern that is written out is read now, not at the first event. */
const badPatterns = ([name, , [pattern]]: [string, ASTNode, ASTNode[]]): ExpressionFault[] => {
  if (name !== 'matches' || pattern?.op !== 'value' || typeof pattern.args !== 'string') return [];
  try {
    new LinearRegex(pattern.args);
    return [];
  } catch (error) {
    return [{ offset: pattern.pos, message: `matches(): ${(error as Error).message} in "${pattern.args}"` }];
  }
};
