import { hasTemplate } from '../expressions/template.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** What belongs to something that runs at a platform. */
const OF_WORK = ['with', 'await', 'environment', 'timeout', 'retry', 'rollback'];

const APPROVER = /^(team:)?[^\s:]+$/;
const TEAM = 'team:';

/** A step that waits for people, time or an event runs nothing: what is said about running would never be done. */
export const checkGate = (source: ResourceSource, step: Record<string, unknown>, path: Path): void => {
  const gate = ['approve', 'wait'].find((key) => step[key] !== undefined);
  if (gate === undefined || step.uses !== undefined) return; // that it is both is said elsewhere
  for (const key of OF_WORK.filter((name) => step[name] !== undefined)) source.reportKey([...path, key], refusal(key, gate));
  if (step.approve !== undefined) checkApproval(source, step.approve, [...path, 'approve']);
};

const refusal = (key: string, gate: string): string => {
  const instead = key === 'timeout' ? ': expected within, inside of it' : key === 'environment' ? ': the rules of an environment are for the step that deploys' : '';
  return `a step with ${gate} runs nothing, so it has no ${key}${instead}`;
};

/** Who is named, and whether so many different people are. Also for environments. */
export const checkApproval = (source: ResourceSource, value: unknown, path: Path): void => {
  const { by, count = 1, 'not-author': notAuthor } = mapOf(value);
  const named = textsAt(by, [...path, 'by']);
  for (const { text, path: place } of named) {
    if (hasTemplate(text)) source.warn(place, 'names of people take no ${{ }}: nobody is called so');
    else if (text !== '' && !APPROVER.test(text)) source.report(place, `expected a person or team:<name>, got "${text}"`);
    else if (/^@|\*/.test(text)) source.warn(place, `nobody is called "${text}": expected the bare name of a person, or team:<name>`);
  }
  const people = new Set(named.map(({ text }) => text));
  named.forEach(({ text, path: place }, index) => {
    if (named.findIndex((one) => one.text === text) < index) source.warn(place, `"${text}" is there twice: was somebody else meant?`);
  });
  if (typeof count !== 'number' || people.size === 0 || [...people].some((text) => text.startsWith(TEAM))) return;
  if (count > people.size) source.report([...path, 'count'], `${count} different people have to approve, but "by" names only ${people.size}`);
  else if (notAuthor === true && count === people.size) source.warn([...path, 'not-author'], `all ${people.size} who are named have to approve: whoever of them makes a change can never have it approved`);
};
