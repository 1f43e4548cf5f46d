import { describe, expect, it } from 'vitest';
import { ExpressionChecker } from './check-expression.js';
import type { Declarations } from './declared-types.js';

const DECLARED: Declarations = {
  variables: ['event', 'inputs', 'env', 'steps', 'run', 'environment'], env: ['version'], envTypes: {}, inputs: { level: 'number', name: 'text', dry: 'boolean' }, steps: ['scan', 'a-b', 'constructor', 'create', 'stop'],
  outputs: new Map<string, Record<string, 'text' | 'integer'>>([['create', { deployment: 'integer', url: 'text' }], ['stop', {}]]), events: [], statusFunctions: true,
};
const checker = new ExpressionChecker(DECLARED);

describe('checking an expression', () => {
  it.each([
    'event.branch == "main"', 'event.?change.?number.orValue(0) > 3', 'has(event.tag) && event.tag.startsWith("v")', 'event.outcome in ["success", "skipped"]',
    'event.paths.exists(p, glob(p, "src/**"))', 'size(event.paths) < 10', 'event.payload.version == 3', 'event.raw["conclusion"] == "neutral"', 'event.run.attempt == 1',
    'string(event.run.number) != ""', 'timestamp(event.occurredAt).getHours("Europe/Berlin") < 18', 'now() - timestamp(event.startedAt) < duration("2h")', 'env.version.startsWith("v")',
    'steps["a-b"].outcome == "success"', 'steps.constructor.state == "failed"', 'steps.scan.run.url.contains("x")', 'steps.scan.outputs.n > 1', 'steps.create.outputs.deployment > 1', 'steps.create.outputs.?url.orValue("") != ""', 'size(steps.stop.outputs) == 0', 'run.attempt > 1',
    'has(steps["create"].outputs.url)', 'has(steps["a-b"].outputs.n)', 'has(event.payload["a"].b)', 'has(env["version"].b)', 'event.paths.exists(p, has(event.payload[p].x))',
    'steps["create"].?outputs.deployment.orValue(1) > 1', 'steps.?create.outputs.url.orValue("") != ""', 'steps.create[?"outputs"].deployment.hasValue()',
    '9007199254740993 + 1 > event.run.number', '1.0 / 0.0 > double(event.run.number)', 'b"a" + b"b" == bytes(event.sha)',
    'inputs.level == 3', 'inputs.level < 2.5', 'inputs.dry || inputs.name.startsWith("v")', 'inputs.?name.orValue("") == ""', 'inputs["dry"]',
    'environment.name == "production" && environment.lastGood.env.version != env.version', 'always() && (failure() || cancelled())', 'semver(env.version) >= semver("1.2.0")',
    'event.fork != true', 'event.sha.substring(0, 7) == "1234567"', '!event.fork', 'event.branch.matches("^v\\\\d+$")', 'cel.bind(b, event.branch, b == "main")', 'event.payload.ok',
  ])('takes %s', (expression) => {
    expect(checker.check(expression, true)).toMatchObject({ faults: [], warnings: [] });
  });

  it.each<[string, number, string]>([
    ['event.brnach == "x"', 6, 'unknown value "event.brnach": did you mean "branch"?'],
    ['true && event.run.numbr == 1', 18, 'unknown value "event.run.numbr": did you mean "number"?'],
    ['event.?tagg.orValue("") == ""', 7, 'unknown value "event.tagg": did you mean "tag"?'],
    ['steps.scam.outcome == ""', 6, 'unknown step "steps.scam": did you mean "scan"?'],
    ['steps["a-c"].outcome == ""', 0, 'unknown step "steps.a-c": did you mean "a-b"?'],
    ['steps.scan.result == ""', 11, 'unknown value "steps.scan.result": expected one of state, outcome, run, outputs'],
    ['steps.create.outputs.deploymnt == 1', 21, 'unknown output "steps.create.outputs.deploymnt": did you mean "deployment"?'],
    ['steps["create"].outputs.?id.orValue(1) == 1', 25, 'unknown output "steps.create.outputs.id": expected one of deployment, url'],
    ['steps.stop.outputs.id == 1', 19, 'unknown output "steps.stop.outputs.id": what this step uses has no outputs'],
    ['has(steps["create"].outputs.id)', 28, 'unknown output "steps.create.outputs.id": expected one of deployment, url'],
    ['env.verson == ""', 4, 'unknown value "env.verson": did you mean "version"?'],
    ['inputs.nam == ""', 7, 'unknown value "inputs.nam": did you mean "name"?'],
    ['inputs.name == 1', 0, 'string == int is not possible: the types do not fit'],
    ['inputs.name', 0, 'expected true or false, got string'],
    ['event.branch == 1', 0, 'string == int is not possible: the types do not fit'],
    ['event.tag != null', 0, 'string != null is not possible: a value is absent, never null; ask has(event.tag), or event.?tag.orValue("")'],
    ['event.branch', 0, 'expected true or false, got string'],
    ['github.event == ""', 0, '"github" is not known here: expected one of event, inputs, env, steps, run, environment'],
    ['startsWith(event.branch, "x")', 0, 'unknown function startsWith(string, string)'],
    ['event.branch.matches("(?=a)")', 21, 'matches(): look-around is not possible in "(?=a)"'],
    ['event.branch.substring("a") == ""', 23, 'substring(): expected int, got string'],
    ["event.branch = 'main'", 13, 'Unexpected character: = (two of them compare: ==)'],
    ['', 0, 'expected an expression, got none'],
  ])('refuses %s at %d: %s', (expression, offset, message) => {
    expect(checker.check(expression, true).faults).toEqual([{ offset, message }]);
  });

  it.each([
    '"x" in inputs', 'size(inputs) > 1', 'inputs.size() > 1', 'inputs.exists(i, i == "name" && inputs[i] == "x")', 'inputs.all(i, i != "")', 'inputs.map(i, i) == ["name"]', 'inputs == event.payload',
    'cel.bind(i, inputs, i.level > 1 && "name" in i)', '(inputs).level > 1', '"version" in env && size(env) == 1', 'env.exists(e, env[e] == "x")', '"a-b" in steps', '["a"].exists(inputs, inputs == "a")', '["a"].map(env, env + "b") == ["ab"]',
  ])('takes inputs and env as maps in %s', (expression) => {
    expect(new ExpressionChecker({ ...DECLARED, envTypes: { version: 'string' } }).check(expression, true)).toMatchObject({ faults: [], warnings: [] });
  });

  it('knows the fields of inputs and env beside their uses as maps', () => {
    const messages = (expression: string): string[] => {
      const { faults, warnings } = new ExpressionChecker({ ...DECLARED, envTypes: { version: 'string' } }).check(expression, true);
      return [...faults, ...warnings].map(({ message }) => message);
    };
    expect(messages('"x" in inputs && inputs.name > 1')).toEqual(['string > int is not possible: the types do not fit']);
    expect(messages('size(env) > 0 && env.version > 1')).toEqual(['string > int is not possible: the types do not fit']);
    expect(messages('1 in inputs')).toEqual(['int in map<string, dyn> is not possible: the types do not fit']);
    expect(messages('inputs.exists(i, i > 1)')).toEqual(['string > int is not possible: the types do not fit']);
    expect(messages('inputs + 1 > 2')).toEqual(['map<string, dyn> + int is not possible: the types do not fit']);
  });

  it('names the steps that an expression reads', () => {
    expect(checker.check('steps.scan.state == "x" || steps["a-b"].state == "y"', true).steps.map(({ name }) => name)).toEqual(['scan', 'a-b']);
  });

  it('judges the same text in another flow by what is declared there', () => {
    const messages = (declared: Partial<Declarations>, expression: string, condition = true): string[] => {
      const { faults, warnings } = new ExpressionChecker({ ...DECLARED, ...declared }).check(expression, condition);
      return [...faults, ...warnings].map(({ message }) => message);
    };
    for (const _ of ['new', 'known']) {
      expect(messages({}, 'steps.scan.outcome == "success"')).toEqual([]);
      expect(messages({ steps: ['other'] }, 'steps.scan.outcome == "success"')).toEqual(['unknown step "steps.scan": expected other']);
      expect(messages({}, 'inputs.level')).toEqual([]);
      expect(messages({ inputs: { level: 'text' } }, 'inputs.level')).toEqual(['expected true or false, got string']);
      expect(messages({ inputs: { level: 'text' } }, 'inputs.level', false)).toEqual([]);
      expect(messages({}, 'env.version > 1')).toEqual([]);
      expect(messages({ envTypes: { version: 'string' } }, 'env.version > 1')).toEqual(['string > int is not possible: the types do not fit']);
      expect(messages({ statusFunctions: false }, 'success()')).toEqual(['success() is possible only in the if of a step']);
      expect(messages({}, 'success()')).toEqual([]);
    }
  });
});
