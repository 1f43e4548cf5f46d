import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionChecker } from './check-expression.js';
import type { Declarations } from './declared-types.js';
import { evaluate, parsed } from './evaluate.js';
import type { Scope } from './scope.js';
import { textOf } from './source-text.js';
import { walk } from './syntax-tree.js';
import { valuesRead } from './values-read.js';

const DECLARED: Declarations = {
  variables: ['event', 'inputs', 'env', 'steps', 'run'], env: ['version'], envTypes: { version: 'string' }, inputs: { level: 'number' }, steps: ['a', 'b-c'],
  outputs: new Map<string, Record<string, 'text' | 'integer'>>([['a', { number: 'integer', url: 'text' }], ['b-c', { number: 'integer' }]]), events: [], statusFunctions: false,
};
const checker = new ExpressionChecker(DECLARED);

const scope: Scope = {
  event: { actor: 'bob', sha: 'abc', branch: 'main', run: { attempt: 2 }, payload: { n: 3, list: [1, 2] } }, inputs: { level: 1 }, env: { version: 'v1' },
  steps: { a: { state: 'succeeded', outputs: { number: 4, url: 'u' } }, 'b-c': { outputs: { number: 5 } } }, run: { attempt: 1 },
};

const said = (expression: string): string[] => {
  const { faults, warnings } = checker.check(expression, false);
  return [...faults, ...warnings].map(({ message }) => message);
};

describe('parentheses', () => {
  it.each<[string, string]>([
    ['(1 + 2) * 3', '(1 + 2) * 3'], ['!(true)', '!(true)'], ['((1) + (2))', '(1) + (2)'], ['(steps.a).outputs', '(steps.a).outputs'], ['-(1) < (2)', '-(1) < (2)'],
    [`(")" + '(') + r"\\")" + ("a") // ) it's`, `(")" + '(') + r"\\")" + ("a")`], ["('''a)'\\'''') + (\n// (\n'b')", "('''a)'\\'''') + (\n// (\n'b')"],
  ])('are part of the text of %s', (expression, text) => {
    expect(textOf(parsed(expression))).toBe(text);
  });

  it.each([
    '(steps.a).outputs.number > 3', '(steps.a.outputs).number > 3', '(steps["a"]).outputs["number"] > 3', '(1 + 2) * 3 > event.run.attempt', 'event.sha.size() > 0 && !(true)',
    'event.run.attempt > (24 * 7) * 60', '-(1) < event.run.attempt', "('a') == event.sha", "event.sha in ['a', ('b' + 'c')]", '("a" + ")") + (\'(\' + "\\"(") == event.sha',
  ])('raise no fault in %s', (expression) => {
    expect(checker.check(expression, true)).toMatchObject({ faults: [], warnings: [] });
  });

  it('leave the type of what an output is put into', () => {
    expect(checker.strictTypeOf('(steps.a.outputs).number')).toBe('int');
    expect(checker.strictTypeOf('((steps["a"]).outputs)["url"]')).toBe('string');
  });

  it('do not hide which condition said no', () => {
    expect(valuesRead('!(event.actor == "bob") && (event.run.attempt + 1) * 2 > 3', scope)).toEqual([
      { expression: '!(event.actor == "bob")', value: 'false' }, { expression: '(event.run.attempt + 1) * 2 > 3', value: 'true' },
      { expression: 'event.actor', value: '"bob"' }, { expression: 'event.run.attempt', value: '2' },
    ]);
  });

  const numbers = ['1', '2', 'event.run.attempt', 'event.payload.n', 'steps.a.outputs.number', 'steps["b-c"].outputs.number', 'inputs.level', 'int("x")', '[1, 2][5]', 'event.payload.list[0]'];
  const texts = ['"a"', "'('", 'r")"', '"""(\\""""', 'event.sha', 'env.version', 'steps.a.outputs.url', 'event.tag'];

  type Printed = (isWrapped: () => boolean) => string;
  const wrapped = (text: string, isWrapped: () => boolean): string => (isWrapped() ? wrapped(`(${text})`, isWrapped) : text);
  const { whole } = fc.letrec<{ number: Printed; truth: Printed; whole: Printed }>((tie) => {
    const leaf = (texts: string[]) => fc.constantFrom(...texts).map((text): Printed => (isWrapped) => wrapped(text.replace(/^(steps\.a|event|inputs|env)(?=\.)/, (name) => wrapped(name, isWrapped)), isWrapped));
    // Both have the parentheses that the order of operations needs; one has more.
    const pair = (operators: string[], item: fc.Arbitrary<Printed>) => fc.tuple(fc.constantFrom(...operators), item, item)
      .map(([operator, left, right]): Printed => (isWrapped) => `(${wrapped(left(isWrapped), isWrapped)} ${operator} ${wrapped(right(isWrapped), isWrapped)})`);
    const unary = (operator: string, item: fc.Arbitrary<Printed>) => item.map((inner): Printed => (isWrapped) => `(${operator}${wrapped(inner(isWrapped), isWrapped)})`);
    const number = fc.oneof({ maxDepth: 3 }, leaf(numbers), pair(['+', '-', '*', '/'], tie('number')), unary('-', tie('number')));
    const truth = fc.oneof({ maxDepth: 3 }, pair(['<', '==', '>='], tie('number')), pair(['==', '!='], leaf(texts)), pair(['&&', '||'], tie('truth')), unary('!', tie('truth')));
    return { number, truth, whole: fc.oneof(tie('number'), tie('truth')) };
  });

  const outcome = (expression: string): unknown => {
    try {
      return evaluate(expression, scope);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const bare = (text: string): string => text.replaceAll(/("""(?:\\.|[^\\])*?"""|"[^"]*"|'[^']*')|[()]/g, '$1');
  /** The same value written in two ways is shown twice. */
  const seen = (expression: string): Set<string> => new Set(valuesRead(expression, scope).map((read) => JSON.stringify({ ...read, expression: bare(read.expression) })));

  it('that nobody needs change nothing', () => {
    fc.assert(fc.property(whole, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (printed, choices) => {
      const outer = /^\((.*)\)$/s;
      const plain = printed(() => false).replace(outer, '$1');
      const more = printed(() => choices.next().value === 0).replace(outer, '$1');
      expect(outcome(more)).toEqual(outcome(plain));
      expect(said(more)).toEqual(said(plain));
      expect(seen(more)).toEqual(seen(plain));
      walk(parsed(more), (node) => void parsed(textOf(node)));
    }), { numRuns: 400 });
  });
});
