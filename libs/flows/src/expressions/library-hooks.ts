import type { ASTNode } from '@marcbachmann/cel-js';

/* Shapes of the library's own hooks, which its types leave open. Held by the specs: the library's version is pinned. */

export interface CelType { kind: string; name: string; valueType?: CelType }

export interface Checker {
  check(node: unknown, context: Context): CelType;
  getType(name: string): CelType;
  createError(code: string, message: string, node: unknown): Error;
  registry: { getOptionalType(type: CelType): CelType };
}

export interface Runner {
  run(node: unknown, context: Context): unknown;
  debugType(value: unknown): { fieldLazy(value: unknown, name: string, node: unknown, runner: Runner): unknown };
}

/** Values of the names in reach. */
export interface Context {
  forkWithVariable(name: string, type: CelType): BoundContext;
}

export interface BoundContext extends Context {
  /** The same names inside another place. */
  reuse(parent: Context): BoundContext;
  setIterValue(value: unknown, runner: Runner): BoundContext;
}

export interface MacroCall {
  receiver: ASTNode;
  args: ASTNode[];
}

/** Takes over a node. What runs it is told after what its type is. */
export interface Macro {
  typeCheck(checker: Checker, macro: unknown, context: Context): CelType;
  evaluate?(runner: Runner, macro: unknown, context: Context): unknown;
}

interface Hooked {
  readonly meta: { check(checker: Checker, node: unknown, context: Context): CelType };
  setMeta(key: 'macro', macro: Macro): unknown;
}

const hooked = (node: ASTNode): Hooked => node as unknown as Hooked;

/** To be called before the expression is checked or run: a node keeps its type. */
export const takeOver = (node: ASTNode, macro: Macro): void => void hooked(node).setMeta('macro', macro);

/** The type that the library sees in a node that is taken over. */
export const typeByLibrary = (node: ASTNode, checker: Checker, context: Context): CelType => hooked(node).meta.check(checker, node, context);
