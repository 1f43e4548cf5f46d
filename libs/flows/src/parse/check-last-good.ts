import { namesBelow } from '../expressions/names-below.js';
import { sureReads } from '../expressions/sure-reads.js';
import type { KnownNames } from './known-names.js';
import { conditionIn, templatesIn, type Template } from './templates-in.js';
import { mapOf, type ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';

const NONE_YET = 'the first deployment to an environment has no last good one before it, and fails here: ask has(environment.lastGood), or environment.?lastGood';

/** A rollback that has nothing to return to fails rightly; a step that only wants to know it does not, and one that asks for what no deployment leaves does so always. */
export const checkLastGood = (source: ResourceSource, names: KnownNames): void => {
  for (const [name, value] of Object.entries(mapOf(source.spec.steps))) {
    const { if: condition, with: fields, rollback, environment } = mapOf(value);
    const path = ['spec', 'steps', name];
    const asked = conditionIn(condition, [...path, 'if']);
    const sent = templatesIn(fields, [...path, 'with']);
    for (const one of asked.length > 0 ? asked : sent) warnOfNone(source, one);
    if (typeof environment !== 'string') continue;
    for (const one of [...asked, ...sent, ...templatesIn(mapOf(rollback).with, [...path, 'rollback', 'with'])]) warnOfNames(source, one, { environment, names });
  }
};

const warnOfNone = (source: ResourceSource, { expression, path, offset }: Template): void => {
  for (const read of sureReads(expression, 'environment')) if (read.field === 'lastGood') source.warnInText(path, offset + read.offset, NONE_YET);
};

/** The ledger keeps the env of the run that deployed: whichever flow that was. */
const warnOfNames = (source: ResourceSource, { expression, path, offset }: Template, { environment, names }: { environment: string; names: KnownNames }): void => {
  for (const read of namesBelow(expression, ['environment', 'lastGood', 'env'])) {
    if (names.leaves(environment, read.name)) continue;
    const left = names.leftAt(environment);
    const known = left.length === 0 ? ': none of them has an "env"' : suggestion(read.name, left);
    source.warnInText(path, offset + read.offset, `no flow that deploys to "${environment}" has "${read.name}" in its env${known}`);
  }
};
