import type { ExpectedMissing, FlowTest } from '@stellwerk/flows';
import type { ToldMissing } from './joins.js';

/** Reports who was said to be missing otherwise than the test expects. Nothing is compared where it expects nothing about that. */
export const compareMissing = (test: FlowTest, told: readonly ToldMissing[]): void => {
  const { missing } = test.spec.expect;
  if (missing === undefined) return;
  const left = [...told];
  missing.forEach((expected, at) => {
    const found = left.findIndex((one) => isTheSame(expected, one));
    if (found >= 0) left.splice(found, 1);
    else test.report(['expect', 'missing', at], `nobody was told that ${expected.parts.join(', ')} ${expected.parts.length === 1 ? 'is' : 'are'} missing${told.length === 0 ? '' : `; told was ${told.map(inWords).join('; ')}`}`);
  });
  for (const one of left) test.report(['expect', 'missing'], `people are told what is not expected: ${inWords(one)}`);
};

const isTheSame = ({ flow, key, parts }: ExpectedMissing, told: ToldMissing): boolean =>
  flow === told.flow && (key === undefined || key === told.key) && JSON.stringify([...parts].sort()) === JSON.stringify([...told.parts].sort());

const inWords = ({ flow, key, parts }: ToldMissing): string => `flow ${flow}, key "${key}": ${parts.join(', ')}`;
