import { bareExpression } from '../expressions/evaluate.js';
import { sureReads } from '../expressions/sure-reads.js';
import { templatesIn } from './templates-in.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

const NONE_YET = 'the first deployment to an environment has no last good one before it, and fails here: ask has(environment.lastGood), or environment.?lastGood';

/** A rollback that has nothing to return to fails rightly; a step that only wants to know it does not. */
export const checkLastGood = (source: ResourceSource): void => {
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const { if: condition, with: fields } = mapOf(value);
    const path = ['spec', 'steps', name];
    if (typeof condition === 'string') warnOf(source, bareExpression(condition), [...path, 'if'], condition.indexOf(bareExpression(condition)));
    else for (const { expression, path: place, offset } of templatesIn(fields, [...path, 'with'])) warnOf(source, expression, place, offset);
  }
};

const warnOf = (source: ResourceSource, expression: string, path: Path, offset: number): void => {
  for (const read of sureReads(expression, 'environment')) if (read.field === 'lastGood') source.warnInText(path, offset + read.offset, NONE_YET);
};
