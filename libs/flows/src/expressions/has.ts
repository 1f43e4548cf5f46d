import { Optional, type ASTNode } from '@marcbachmann/cel-js';
import { takeOver } from './library-hooks.js';

/** `has(a.b)` with names only in front of its field is the library's: it takes no index, and what it takes it looks at less closely. */
const isLibrarys = (node: ASTNode): boolean => node.op === 'id' || ((node.op === '.' || node.op === '.?') && isLibrarys(node.args[0]));

/**
 * Lets `has()` ask for a field of anything, such as `has(steps["a-b"].outputs.number)`, as CEL does
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#field-selection): what stands before the field has to be there.
 */
export const takeOverHas = (node: ASTNode): void => {
  const [field, ...others] = node.op === 'call' && node.args[0] === 'has' ? node.args[1] : [];
  if (field?.op !== '.' || others.length > 0 || isLibrarys(field)) return;
  const [holder, name] = field.args;
  takeOver(node, {
    typeCheck: (checker, _macro, context) => (checker.check(holder, context), checker.getType('bool')),
    evaluate(runner, _macro, context) {
      const value = runner.run(holder, context);
      const held = value instanceof Optional ? value.orValue(undefined) : value;
      return held !== undefined && runner.debugType(held).fieldLazy(held, name, field, runner) !== undefined;
    },
  });
};
