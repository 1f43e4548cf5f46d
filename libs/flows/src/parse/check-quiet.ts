import type { ResourceSource } from './resource-source.js';

/** Programs read these: each message counts, and none is too much. */
const PROGRAMS = ['webhook', 'pagerduty'];

/** Only people are spared. Refusing the key would refuse configurations that versions before took with a warning. */
export const checkQuiet = (source: ResourceSource): void => {
  const { type, quiet } = source.spec;
  if (quiet !== undefined && PROGRAMS.includes(type as string)) source.warnKey(['spec', 'quiet'], `"quiet" is left aside: a channel of type ${type as string} is told everything`);
};
