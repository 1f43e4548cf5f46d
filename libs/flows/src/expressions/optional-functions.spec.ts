import { describe, expect, it } from 'vitest';
import { ExpressionChecker } from './check-expression.js';
import { evaluate } from './evaluate.js';

const checker = new ExpressionChecker({
  variables: ['event', 'inputs', 'env'], env: [], envTypes: {}, inputs: { n: 'number' }, steps: [], outputs: new Map(), events: [], statusFunctions: false,
});
const scope = { event: { actor: 'bob', sha: 'abc', payload: { n: 2, a: { b: 1 } } }, inputs: { n: 0 }, env: {} };

describe('optionals', () => {
  it.each<[string, unknown]>([
    ['event.?actor.optMap(b, b + "!").orValue("none")', 'bob!'], ['event.?branch.optMap(b, b + "!").orValue("none")', 'none'], ['event.?branch.optMap(b, b + "!")', null],
    ['event.?payload.optFlatMap(p, p.?n).optMap(n, n + 0.5).orValue(0.0)', 2.5], ['event.?payload.optFlatMap(p, p.?nope).hasValue()', false], ['event.?branch.optFlatMap(b, event.?sha).hasValue()', false],
    ['["x", "y"].map(x, event.payload.?a.optMap(y, x + string(y.b)).orValue(""))', ['x1', 'y1']], ['event.?actor.optMap(env, env + "1").value()', 'bob1'],
    ['event.?actor.optMap(a, event.?sha.optMap(s, a + s)).value().value()', 'bobabc'], ['event.?branch.optMap(b, int(b + "x")).hasValue()', false],
    ['optional.ofNonZeroValue("").hasValue()', false], ['optional.ofNonZeroValue(event.sha).value()', 'abc'], ['optional.ofNonZeroValue(inputs.n).orValue(7)', 7],
    ['["", " "].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]], ['[0, 1].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]],
    ['[0.0, 0.5].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]], ['[[], [0]].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]],
    ['[{}, {"a": 0}].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]], ['[false, true].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]],
    ['[0u, 1u].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]], ['[b"", b"x"].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]],
    ['[duration("0s"), duration("1s")].map(t, optional.ofNonZeroValue(t).hasValue())', [false, true]], ['optional.ofNonZeroValue([9007199254740993]).hasValue()', true],
    ['optional.ofNonZeroValue(now()).hasValue() && optional.ofNonZeroValue(semver("0.0.0")).hasValue()', true],
  ])('%s gives %j', (expression, expected) => {
    expect(checker.check(expression, false)).toMatchObject({ faults: [], warnings: [] });
    expect(evaluate(expression, scope)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['event.actor.optMap(b, b)', "optMap() receiver must be optional, got 'string'"], ['event.?actor.optFlatMap(b, b)', "optFlatMap() result must be optional, got 'string'"],
    ['event.?actor.optMap(b, b > 1)', 'string > int is not possible: the types do not fit'], ['event.?actor.optMap(1, 2)', 'optMap() takes a name and what to make of it, as event.?branch.optMap(b, …)'],
    ['event.?actor.optMap(b, c)', '"c" is not known here: expected one of event, inputs, env'],
  ])('%s is refused: %s', (expression, message) => {
    expect(checker.check(expression, false).faults.map((fault) => fault.message)).toEqual([message]);
    expect(() => evaluate(expression, scope)).toThrow();
  });

  it('are asked for when the expression runs, where lint cannot know', () => {
    expect(() => evaluate('event.payload.n.optMap(b, b)', scope)).toThrow('optMap() receiver must be optional');
    expect(() => evaluate('event.?payload.optFlatMap(p, p.n)', scope)).toThrow('optFlatMap() result must be optional');
  });
});
