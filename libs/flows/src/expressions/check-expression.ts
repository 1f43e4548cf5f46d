import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { suggestion } from '../parse/suggest.js';
import { STATUS_FUNCTIONS } from './cel.js';
import { fieldsAt, isOutputs, typedEnvironment, type Declarations } from './declared-types.js';
import { parseWithin } from './evaluate.js';
import { expressionError } from './expression.errors.js';
import { LinearRegex } from './regex/linear-regex.js';
import { calledFunction, pathOf, walk } from './syntax-tree.js';

/** A fault in an expression; `offset` counts characters from its beginning. */
export interface ExpressionFault {
  offset: number;
  message: string;
}

export interface CheckedExpression {
  faults: ExpressionFault[];
  /** Steps that it reads. */
  steps: { name: string; offset: number }[];
}

/** Parses and type-checks expressions against what may be named at one place. */
export class ExpressionChecker {
  readonly #environment: Environment;

  constructor(private readonly declared: Declarations) {
    this.#environment = typedEnvironment(declared);
  }

  /** `condition`: the expression has to give true or false. */
  check(expression: string, condition: boolean): CheckedExpression {
    try {
      const parsed = parseWithin(this.#environment, expression);
      const result = this.#names(parsed.ast);
      if (result.faults.length > 0) return result;
      const { valid, type, error } = parsed.check();
      if (!valid) return { ...result, faults: [this.#fault(error)] };
      if (condition && type !== 'bool' && type !== 'dyn') result.faults.push({ offset: 0, message: `expected true or false, got ${type}` });
      return result;
    } catch (error) {
      return { faults: [this.#fault(error)], steps: [] };
    }
  }

  #names(root: ASTNode): CheckedExpression {
    const result: CheckedExpression = { faults: [], steps: [] };
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

  #fault(error: unknown): ExpressionFault {
    const { message, offset } = expressionError(error);
    const variables = this.declared.variables.join(', ');
    return { offset: offset ?? 0, message: message.endsWith('is not known here') ? `${message}: expected one of ${variables}` : message };
  }
}

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
