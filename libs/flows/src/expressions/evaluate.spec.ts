import { describe, expect, it } from 'vitest';
import { evaluate, evaluateCondition, usesStatusFunction } from './evaluate.js';
import { ExpressionError } from './expression.errors.js';
import type { Scope } from './scope.js';

const scope: Scope = {
  event: {
    branch: 'main', sha: '0123456789abcdef', tag: undefined, fork: false, run: { id: '77', attempt: 2 }, paths: ['a.ts', 'b/c.md'],
    payload: { count: 3, ratio: 0.5, list: [1, 2], nothing: null, maps: { b: 1 } },
  },
  env: { version: '1.10.0' },
  steps: { scan: { state: 'succeeded', outcome: 'success' }, 'a-b': { outcome: 'failure' } },
  run: { id: 'r1', attempt: 1, url: 'http://x/runs/r1' },
};

describe('expressions', () => {
  it.each<[string, unknown]>([
    ['event.branch', 'main'],
    ['event.run.attempt', 2],
    ['event.run.attempt + 1', 3],
    ['event.run.attempt == 2 && event.run.attempt > 1', true],
    ['event.payload.ratio * 2.0', 1],
    ['event.payload.count == 3', true],
    ['event.payload', { count: 3, ratio: 0.5, list: [1, 2], nothing: null, maps: { b: 1 } }],
    ['event.payload.list[1]', 2],
    ['event.?tag.orValue(event.sha)', '0123456789abcdef'],
    ['event.?tag.orValue("")', ''],
    ['event.?tag', null],
    ['has(event.tag)', false],
    ['has(event.branch)', true],
    ['has(steps["a-b"].outcome)', true],
    ['has(steps["a-b"].outputs)', false],
    ['has(event.payload["maps"].b)', true],
    ['has((event.payload["maps"]).c)', false],
    ['has(event.payload["list"].b)', false],
    ['has(event.?payload["maps"].b) && !has(event.?nothing["maps"].b)', true],
    ['["maps", "list"].filter(p, has(event.payload[p].b))', ['maps']],
    ['has({"a": 1}.a) && !has({"a": 1}.b)', true],
    ['!has(event.payload["maps"].constructor) && !has(event.payload["maps"].__proto__)', true],
    ['steps["a-b"].outcome', 'failure'],
    ['steps.scan.outcome == "success"', true],
    ['event.sha.substring(0, 7)', '0123456'],
    ['event.sha.substring(10, 99)', 'abcdef'],
    ['event.sha.substring(99)', ''],
    ['glob(event.branch, "ma*")', true],
    ['event.paths.exists(p, glob(p, "**/*.md"))', true],
    ['event.paths.filter(p, p.endsWith(".ts"))', ['a.ts']],
    ['semver(env.version) > semver("1.9.9")', true],
    ['semver("v2.1").minor', 1],
    ['semver("1.2.3-rc.1") < semver("1.2.3")', true],
    ['event.branch.matches("^(main|release/.+)$")', true],
    ['now() > timestamp("2020-01-01T00:00:00Z")', true],
    ['timestamp("2026-01-02T03:04:05Z")', '2026-01-02T03:04:05.000Z'],
    ['duration("1h30m")', '5400s'],
    ['{"sha": event.sha, "attempt": event.run.attempt}', { sha: '0123456789abcdef', attempt: 2 }],
    ['[1, "a", true]', [1, 'a', true]],
    ['event.tag == "x" || event.branch == "main"', true],
    ['uint(3)', 3],
  ])('%s gives %j', (expression, expected) => {
    expect(evaluate(expression, scope)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['event.actor != "x"', '"actor" is absent'],
    ['inputs.x', '"inputs" is not known here'],
    ['has(event.payload["nope"].b)', '"nope" is absent'],
    ['has(event.payload["maps"])', 'has() asks for a field, as has(event.tag)'],
    ['has(event.tag, 1)', 'unknown function has('],
    ['1 +', 'Unexpected token: the end'],
    ['', 'expected an expression, got none'],
    ['1 / 0', 'division by zero'],
    ['semver("x") > semver("1.0.0")', '"x" is no version: expected e.g. 1.2.3'],
    ['event.branch.matches("(a")', 'matches(): unclosed ( in "(a"'],
    ['always()', 'unknown function always()'],
    ['9007199254740993', '9007199254740993 is too large for a JSON number: use string(…)'],
    [`"${'a'.repeat(5000)}"`, 'longer than 4096 characters'],
    ['['.repeat(100) + ']'.repeat(100), 'Exceeded maxDepth (64)'],
    ['[1].map(a, [1].map(b, [1].map(c, a + b + c)))', 'list functions nested more than 2 deep'],
    ['event.constructor', '"constructor" is absent'],
    ['event.__proto__', '"__proto__" is absent'],
  ])('%s fails: %s', (expression, message) => {
    expect(() => evaluate(expression, scope)).toThrow(ExpressionError);
    expect(() => evaluate(expression, scope)).toThrow(message);
  });

  it('gives values that are JSON: no BigInt, no Date', () => {
    const value = evaluate('{"a": [1, {"b": now()}], "c": event.payload}', scope);
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  });

  it('asks a condition for true or false', () => {
    expect(evaluateCondition('event.branch == "main"', scope)).toBe(true);
    expect(evaluateCondition('${{ event.branch == "x" }}', scope)).toBe(false);
    expect(() => evaluateCondition('event.branch', scope)).toThrow('expected true or false, got "main"');
  });

  it.each<[string, boolean]>([
    ['always()', true], ['failure()', true], ['success()', false], ['cancelled()', false], ['!success() && event.branch == "main"', true],
  ])('answers %s by the state of the run', (expression, expected) => {
    const statusFunctions = { success: false, failure: true, cancelled: false };
    expect(evaluateCondition(expression, { ...scope, statusFunctions })).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['always()', true], ['${{ failure() }}', true], ['event.x == 1 || cancelled()', true], ['"always()" == event.x', false], ['event.always == 1', false], ['always( ', false],
  ])('%s uses a status function: %s', (expression, expected) => {
    expect(usesStatusFunction(expression)).toBe(expected);
  });
});
