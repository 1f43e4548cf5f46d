import { Environment } from '@marcbachmann/cel-js';
import { matchesGlobs } from '../matching/globs.js';
import { timeNow } from './clock.js';
import { registerNumbers } from './numbers.js';
import { registerOptionalFunctions } from './optional-functions.js';
import type { StatusFunctions } from './scope.js';
import { compareSemver, Semver } from './semver.js';
import { registerTextFunctions } from './text-functions.js';

export const MAX_EXPRESSION_LENGTH = 4096;

const LIMITS = { maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 };

/** Names that an expression may begin with. */
export const VARIABLES = ['event', 'inputs', 'env', 'steps', 'run', 'environment', 'events'] as const;

export type Variable = (typeof VARIABLES)[number];

/** `always() failure() success() cancelled()`: with one of them a step also starts after a failure. */
export const STATUS_FUNCTIONS = ['always', 'failure', 'success', 'cancelled'] as const;

const SYNCHRONOUS = { async: false };

/** CEL with optionals and our functions, without variables. */
const createLanguage = (): Environment => {
  const language = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  registerTextFunctions(language);
  registerSemver(language);
  registerNumbers(language);
  registerOptionalFunctions(language);
  language.registerFunction('glob(string, string): bool', (text: string, pattern: string) => matchesGlobs(text, [pattern]), SYNCHRONOUS);
  language.registerFunction('now(): google.protobuf.Timestamp', timeNow, SYNCHRONOUS);
  return language;
};

const registerSemver = (language: Environment): void => {
  language.registerType('semver', { ctor: Semver, fields: { major: 'int', minor: 'int', patch: 'int', prerelease: 'string' } });
  language.registerFunction('semver(string): semver', (text: string) => new Semver(text), SYNCHRONOUS);
  language.registerOperator('semver < semver: bool', (a: Semver, b: Semver) => compareSemver(a, b) < 0);
  language.registerOperator('semver <= semver: bool', (a: Semver, b: Semver) => compareSemver(a, b) <= 0);
  language.registerOperator('semver > semver: bool', (a: Semver, b: Semver) => compareSemver(a, b) > 0);
  language.registerOperator('semver >= semver: bool', (a: Semver, b: Semver) => compareSemver(a, b) >= 0);
  language.registerOperator('semver == semver: bool', (a: Semver, b: Semver) => compareSemver(a, b) === 0);
};

export const LANGUAGE = createLanguage();

/** The language with the status functions answering so; the library's functions cannot see the scope. */
export const withStatusFunctions = (status: StatusFunctions): Environment => {
  const environment = LANGUAGE.clone();
  const answers = { always: true, ...status };
  for (const name of STATUS_FUNCTIONS) environment.registerFunction(`${name}(): bool`, () => answers[name], SYNCHRONOUS);
  return environment;
};
