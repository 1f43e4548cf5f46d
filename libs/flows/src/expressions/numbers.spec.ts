import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionChecker } from './check-expression.js';
import { evaluate } from './evaluate.js';

const checker = new ExpressionChecker({
  variables: ['event', 'inputs', 'env'], env: ['n'], envTypes: {}, inputs: { n: 'number', name: 'text' }, steps: [], outputs: new Map(), events: [], statusFunctions: false,
});

const value = (expression: string, n: number): unknown => evaluate(expression, { event: { run: { attempt: 2 }, payload: { n, list: [1, 2.5] } }, inputs: { n }, env: { n } });

describe('numbers', () => {
  it.each<[string, number, unknown]>([
    ['inputs.n * 1.5 > 3.0', 10, true], ['inputs.n * 1.5 > 3.0', 1.5, false], ['inputs.n + 0.5', 10, 10.5], ['inputs.n + 1', 1.5, 2.5], ['inputs.n + 1', 10, 11],
    ['event.payload.n + 0.5', 4.5, 5], ['event.payload.n + 0.5', 2.0, 2.5], ['0.5 - event.payload.n', 2, -1.5], ['event.payload.list[0] * event.payload.list[1]', 0, 2.5],
    ['event.run.attempt + 0.5', 0, 2.5], ['event.run.attempt == 2.0', 0, true], ['2.5 != event.run.attempt', 0, true], ['1 == 1.0', 0, true], ['(inputs.n * 1.5 + 1) / 2', 2, 2],
    ['[1, 2.5].map(x, x * 2)', 0, [2, 5]], ['inputs.n / 4', 2, 0], ['inputs.n / 4.0', 2, 0.5], ['inputs.n / 4', 1.0, 0], ['9007199254740993 == 9007199254740992.0', 0, false],
    ['string(inputs.n + 1)', 10, '11'], ['inputs.n < 2.5 && 2.5 > inputs.n && inputs.n <= 2.0 && 2.0 >= inputs.n', 2, true],
  ])('of one kind and the other go together: %s of %d', (expression, n, expected) => {
    expect(checker.check(expression, false)).toMatchObject({ faults: [], warnings: [] });
    expect(value(expression, n)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['1 / 0', 'division by zero'], ['1 / 0.0', 'Infinity is no JSON number'], ['9223372036854775807 + 1', 'integer overflow: 9223372036854775808'], ['event.payload.n % 2', 'dyn<double> % int is not possible: the types do not fit'],
  ])('fail where there is no answer: %s', (expression, message) => {
    expect(() => value(expression, 1.5)).toThrow(message);
  });

  it.each<[string, string]>([
    ['"a" + 1.5', 'string + double is not possible: the types do not fit'], ['inputs.name + 1', 'string + int is not possible: the types do not fit'],
    ['inputs.n + 1', 'expected true or false, got int'], ['env.n * 0.5', 'expected true or false, got double'], ['env.n + 1 == "x"', 'int == string is not possible: the types do not fit'],
    ['size(inputs.n + 1) == 0', 'unknown function size(int)'], ['event.run.attempt == "2"', 'int == string is not possible: the types do not fit'],
    ['timestamp(event.startedAt) + 1.5 > now()', 'google.protobuf.Timestamp + double is not possible: the types do not fit'],
  ])('are still no other things: %s', (expression, message) => {
    expect(checker.check(expression, true).faults.map((fault) => fault.message)).toEqual([message]);
  });

  it('mean the same whether JSON wrote them with a point or not', () => {
    const number = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -4000, max: 4000 }).map((n) => n / 4));
    fc.assert(fc.property(number, fc.integer({ min: 1, max: 100 }).map((n) => n + 0.1), fc.constantFrom('+', '-', '*', '/'), (n, other, operator) => {
      const expected = { '+': n + other, '-': n - other, '*': n * other, '/': n / other }[operator];
      expect(value(`inputs.n ${operator} ${other}`, n)).toBeCloseTo(expected!, 9);
      for (const comparison of ['<', '<=', '>', '>=']) expect(value(`inputs.n ${comparison} ${other}`, n)).toBe(comparison.startsWith('<') ? n < other : n > other);
    }));
  });
});
