import { circleThrough, type Needs } from './circles.js';
import { mapOf, textsAt, type ResourceSource } from './resource-source.js';

/** What each step needs, as it was written. */
export const needsOf = (source: ResourceSource): Needs =>
  new Map(Object.entries(mapOf(source.spec.steps)).map(([name, step]) => [name, textsAt(mapOf(step).needs, []).map(({ text }) => text)]));

/** A circle is a fault of each of its members: any of them may be the wrong one. */
export const checkGraph = (source: ResourceSource): void => {
  const needs = needsOf(source);
  for (const name of needs.keys()) {
    const circle = circleThrough(needs, name);
    if (circle) source.reportKey(['spec', 'steps', name, 'needs'], `step "${name}" needs itself: ${circle.join(' → ')}`);
  }
};
