export * from './expressions/evaluate.js';
export * from './expressions/render.js';
export type { Scope, StatusFunctions } from './expressions/scope.js';
export { formatFault, sortFaults, type Fault } from './fault.js';
export { jsonSchemas, type Kind } from './json-schemas.js';
export { matchesGlobs } from './matching/globs.js';
export { matchTriggers, type MatchReason, type MatchResult } from './matching/match-triggers.js';
export * from './model.js';
export { parseResources, type ParsedResources, type ResourceFile, type SecretUse } from './parse/parse-resources.js';
