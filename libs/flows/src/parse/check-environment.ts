import { checkClock } from './check-clock.js';
import { checkApproval } from './check-gates.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** What no schema says of an environment: whether its times are ones, and enough people are named. */
export const checkEnvironment = (source: ResourceSource): void => {
  checkApproval(source, source.spec.approve, ['spec', 'approve']);
  for (const { item, path } of itemsAt(source.spec.freeze, ['spec', 'freeze'])) checkFreeze(source, mapOf(item), path);
};

const checkFreeze = (source: ResourceSource, { from, to, cron, zone }: Record<string, unknown>, path: Path): void => {
  if (Date.parse(String(from)) >= Date.parse(String(to))) source.report([...path, 'to'], 'expected a time after "from"');
  checkClock(source, { cron, zone }, { cron: [...path, 'cron'], zone: [...path, 'zone'] });
};
