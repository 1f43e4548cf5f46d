import { parseDuration } from '../duration.js';
import { cronFault, nextInstant, SOME_DAY, zoneFault } from '../schedule/cron.js';
import { checkClock } from './check-clock.js';
import { checkTakesNothing } from './check-filters.js';
import { checkApproval } from './check-gates.js';
import { itemsAt, mapOf, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** What no schema says of an environment: whether its times are ones, and enough people are named. */
export const checkEnvironment = (source: ResourceSource): void => {
  checkTakesNothing(source, source.spec.branches, ['spec', 'branches']);
  checkApproval(source, source.spec.approve, ['spec', 'approve']);
  for (const { item, path } of itemsAt(source.spec.freeze, ['spec', 'freeze'])) checkFreeze(source, mapOf(item), path);
};

const checkFreeze = (source: ResourceSource, { from, to, cron, zone, for: length }: Record<string, unknown>, path: Path): void => {
  if (Date.parse(String(from)) >= Date.parse(String(to))) source.report([...path, 'to'], 'expected a time after "from"');
  checkClock(source, { cron, zone }, { cron: [...path, 'cron'], zone: [...path, 'zone'] });
  if (typeof cron === 'string' && typeof length === 'string' && isEndless(cron, typeof zone === 'string' ? zone : 'UTC', parseDuration(length) ?? 0)) {
    source.warn([...path, 'for'], 'each of these times lasts until the next one begins: nothing is ever deployed here');
  }
};

/** So many of them in a row show it, whatever days and hours the expression names. */
const LOOKED_AT = 60;

const isEndless = (cron: string, zone: string, ms: number): boolean => {
  if (cronFault(cron) !== undefined || zoneFault(zone) !== undefined) return false;
  let at = nextInstant({ cron, zone }, SOME_DAY);
  for (let count = 0; count < LOOKED_AT && at; count += 1) {
    const next = nextInstant({ cron, zone }, at);
    if (!next || next.getTime() - at.getTime() > ms) return false;
    at = next;
  }
  return at !== undefined;
};
