import type { ActionSchema } from '@stellwerk/contracts';
import type { Variable } from '../expressions/cel.js';
import { ExpressionChecker, type ExpressionFault } from '../expressions/check-expression.js';
import type { Declarations } from '../expressions/declared-types.js';
import { splitTemplate, UnclosedTemplate, wholeExpression, type TemplatePart } from '../expressions/template.js';
import { upstreamOf } from './circles.js';
import { actionOf, type Catalog } from './check-steps.js';
import { filterMaps, waitMaps } from './check-triggers.js';
import { needsOf } from './check-graph.js';
import { inputTypesOf } from './check-inputs.js';
import { envTypesOf } from './env-types.js';
import { checkFieldTypes } from './check-field-types.js';
import { checkGateReads, isGate } from './check-gate-reads.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import { failsBefore, neverEnded, type Turn } from './turns-of-steps.js';
import type { Path } from './yaml-source.js';

/** Every expression of a flow, each against what it may name where it stands. */
export const checkExpressions = (source: ResourceSource, catalog: Catalog): void => {
  const outputs = outputsBySteps(source, catalog);
  const inEnv = checkers(source, { outputs, envTypes: {} })(['event', 'inputs', 'run']);
  const checkerFor = checkers(source, { outputs, envTypes: envTypesOf(source, inEnv) });
  const ofEvent = new Place(source, checkerFor(['event']));
  for (const { filters, path } of filterMaps(source)) ofEvent.condition(filters.if, [...path, 'if']);
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) ofEvent.templates(mapOf(item).key, [...path, 'key']);
  for (const { filters, path } of waitMaps(source)) ofEvent.templates(filters.key, [...path, 'key']);
  new Place(source, inEnv).templates(source.spec.env, ['spec', 'env']);
  new Place(source, checkerFor(['event', 'inputs', 'env'])).templates(mapOf(source.spec.concurrency).group, ['spec', 'concurrency', 'group']);
  checkSteps(source, checkerFor);
  checkGateReads(source);
  checkFieldTypes(source, catalog, { plain: checkerFor(IN_STEP), deploying: checkerFor([...IN_STEP, 'environment']) });
};

type CheckerFor = (variables: Variable[], statusFunctions?: boolean) => ExpressionChecker;

/** What each step's action is known to give; who approves or waits gives nothing. */
const outputsBySteps = (source: ResourceSource, catalog: Catalog): Declarations['outputs'] => {
  const outputsOf = (step: Record<string, unknown>): ActionSchema['outputs'] => (isGate(step) ? {} : actionOf(step.uses, catalog)?.outputs);
  const steps = Object.entries(mapOf(source.spec.steps)).map(([name, step]) => [name, outputsOf(mapOf(step))] as const);
  return new Map(steps.flatMap(([name, outputs]) => (outputs ? [[name, Object.fromEntries(Object.entries(outputs).map(([output, { type }]) => [output, type]))] as const] : [])));
};

const checkers = (source: ResourceSource, known: Pick<Declarations, 'outputs' | 'envTypes'>): CheckerFor => {
  const [env, steps] = [source.spec.env, source.spec.steps].map((map) => Object.keys(mapOf(map)));
  const [inputs, events] = [inputTypesOf(source), partNames(source)];
  return (variables, statusFunctions = false) => {
    // Where a run has begun (and inputs are known) the events of its join are known as well.
    const all: Variable[] = events.length > 0 && variables.includes('inputs') ? [...variables, 'events'] : variables;
    return new ExpressionChecker({ variables: all, env: env!, inputs, steps: steps!, events, statusFunctions, ...known });
  };
};

/** Of all joins of the flow: which of them started a run is known only then. */
const partNames = (source: ResourceSource): string[] =>
  [...new Set(itemsAt(source.spec.on, ['spec', 'on']).flatMap(({ item }) => Object.keys(mapOf(mapOf(item).all))))];

const IN_STEP: Variable[] = ['event', 'inputs', 'env', 'steps', 'run'];

const checkSteps = (source: ResourceSource, checkerFor: CheckerFor): void => {
  const needs = needsOf(source);
  const inCondition = [checkerFor(IN_STEP, true), checkerFor([...IN_STEP, 'environment'], true)] as const;
  const inFields = [checkerFor(IN_STEP), checkerFor([...IN_STEP, 'environment'])] as const;
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const step = mapOf(value);
    const path = ['spec', 'steps', name];
    const kind = step.environment === undefined ? 0 : 1;
    const turn: Turn = { step: name, ended: upstreamOf(needs, name), needs };
    new Place(source, inCondition[kind], turn).condition(step.if, [...path, 'if']);
    new Place(source, inFields[kind], turn).templates(step.with, [...path, 'with']);
    new Place(source, inFields[kind]).templates(mapOf(step.rollback).with, [...path, 'rollback', 'with']);
  }
};

/** An event in the braces of others. */
const ALMOST = /(?:\{\{|\$ +\{\{|\$\{)\s*(event\.[a-z]\w*)/i;

/** A whole text that is a name of ours and its fields. */
const NAMED = /^\s*(?:event|events|inputs|env|steps|run|environment)(?:\.[a-z]\w*|\["[^"]+"\])+\s*$/i;

const NO_BRACES = 'an "if" is one expression as a whole: expected it without ${{ }}, e.g. event.branch == "main" && event.fork';

/** Quoted, the braces are text. */
const isBrace = ({ offset, message }: ExpressionFault, expression: string): boolean => message.startsWith('Unexpected character') && expression.startsWith('${{', offset);

/** A place in a flow, and what an expression there may name. */
class Place {
  /** `turn`: of the step that it belongs to; undefined where all steps have ended. */
  constructor(
    private readonly source: ResourceSource,
    private readonly checker: ExpressionChecker,
    private readonly turn?: Turn,
  ) {}

  condition(value: unknown, path: Path): void {
    if (typeof value !== 'string' || value === '') return;
    const { expression, offset } = wholeExpression(value) ?? { expression: value, offset: 0 };
    this.expression(expression, { path, offset, condition: true });
  }

  /** Every `${{ }}` in the texts of `value`, at any depth. */
  templates(value: unknown, path: Path): void {
    if (typeof value === 'string') {
      this.text(value, path);
      this.nakedText(value, path);
    } else if (Array.isArray(value)) value.forEach((item, i) => this.templates(item, [...path, i]));
    else Object.entries(mapOf(value)).forEach(([key, item]) => this.templates(item, [...path, key]));
  }

  private text(text: string, path: Path): void {
    let at = 0;
    for (const part of this.parts(text, path)) {
      if ('expression' in part) this.expression(part.expression, { path, offset: part.offset, condition: false });
      else this.plainText(part.text, path, text.indexOf(part.text, at));
      at = 'expression' in part ? part.offset + part.expression.length : at + part.text.length;
    }
  }

  /** Other systems write it otherwise; here it would be sent as it is. */
  private plainText(text: string, path: Path, offset: number): void {
    const found = ALMOST.exec(text);
    if (found) this.source.warnInText(path, offset + found.index, `"${found[0].trim()}" is text and no expression: expected \${{ ${found[1]!} … }}`);
  }

  /** An `if` takes none, so braces are forgotten here: a join by the text "event.sha" takes all commits for one. */
  private nakedText(text: string, path: Path): void {
    if (NAMED.test(text) && this.checker.check(text, false).faults.length === 0) this.source.warn(path, `"${text.trim()}" is text and no expression: expected \${{ ${text.trim()} }}`);
  }

  private parts(text: string, path: Path): TemplatePart[] {
    try {
      return splitTemplate(text);
    } catch (error) {
      if (!(error instanceof UnclosedTemplate)) throw error;
      this.source.reportInText(path, error.offset, error.message);
      return [];
    }
  }

  private expression(expression: string, at: { path: Path; offset: number; condition: boolean }): void {
    const { faults, warnings, steps } = this.checker.check(expression, at.condition);
    for (const fault of faults) this.source.reportInText(at.path, at.offset + fault.offset, at.condition && isBrace(fault, expression) ? NO_BRACES : fault.message);
    for (const { offset, message } of warnings) this.source.warnInText(at.path, at.offset + offset, message);
    for (const { name, offset } of steps) this.step(name, expression, { path: at.path, offset: at.offset + offset });
  }

  private step(name: string, expression: string, { path, offset }: { path: Path; offset: number }): void {
    if (!this.turn || this.turn.ended.has(name)) return;
    const never = neverEnded(name, this.turn);
    if (never !== undefined && failsBefore(expression, name)) this.source.reportInText(path, offset, never);
    else this.source.warnInText(path, offset, never ?? `step "${name}" may not have ended here: add it to needs`);
  }
}
