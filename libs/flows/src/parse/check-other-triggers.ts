import { checkClock } from './check-clock.js';
import { FILTER_KEYS } from '../schema/trigger.js';
import { STEP_NAME, STEP_NAME_EXPECTED } from '../schema/step.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** What else than a single event starts a flow, the keys that go with it, and the one that it needs. */
const KINDS = [
  { kind: 'schedule', with: ['zone'], needs: undefined },
  { kind: 'absent', with: ['for'], needs: { key: 'for', expected: 'how long, e.g. 26h' } },
  { kind: 'all', with: ['key', 'within', 'missing'], needs: { key: 'key', expected: 'what events that belong together have in common, e.g. "${{ event.sha }}"' } },
] as const;

const FILTERS: readonly string[] = [...FILTER_KEYS, 'forks', 'if'];

/** Schedules, absences and joins: what goes together, and what a schema cannot see. */
export const checkOtherTriggers = (source: ResourceSource): void => {
  for (const { item, path } of itemsAt(source.spec.on, ['spec', 'on'])) {
    const trigger = mapOf(item);
    checkCompany(source, trigger, path);
    checkSchedule(source, trigger, path);
    checkPartNames(source, trigger, path);
    checkTold(source, trigger, path);
  }
  checkMissing(source);
};

const checkCompany = (source: ResourceSource, trigger: Record<string, unknown>, path: Path): void => {
  const [found, ...more] = KINDS.filter(({ kind }) => Object.hasOwn(trigger, kind));
  for (const { kind } of more) source.reportKey([...path, kind], `a trigger has only one of schedule, absent, all; this one also has ${found!.kind}`);
  for (const { kind, with: keys } of KINDS.filter(({ kind }) => !Object.hasOwn(trigger, kind))) {
    for (const key of keys) if (Object.hasOwn(trigger, key)) source.reportKey([...path, key], `"${key}" says nothing here: it goes with "${kind}"`);
  }
  if (!found) return;
  const where = found.kind === 'schedule' ? 'no event is looked at' : `filters stand inside "${found.kind}"`;
  for (const key of FILTERS) if (Object.hasOwn(trigger, key)) source.reportKey([...path, key], `"${key}" does not go with "${found.kind}": ${where}`);
  const { needs } = found;
  if (needs && !Object.hasOwn(trigger, needs.key)) source.reportKey([...path, found.kind], `"${needs.key}" is missing: expected ${needs.expected}`);
};

const checkSchedule = (source: ResourceSource, { schedule, zone }: Record<string, unknown>, path: Path): void => {
  checkClock(source, { cron: schedule, zone }, { cron: [...path, 'schedule'], zone: [...path, 'zone'] });
};

/** Who writes `notify` wants somebody to hear of it. */
const checkTold = (source: ResourceSource, { missing }: Record<string, unknown>, path: Path): void => {
  const told = itemsAt(source.spec.notify, []).some(({ item }) => textsAt(mapOf(item).on, []).some(({ text }) => text === 'missing'));
  if (missing === 'notify' && !told) source.warn([...path, 'missing'], 'no channel under "notify" of this flow has "missing" in its "on": only the timeline and status.join say who is missing');
};

/** Only rounds of joins can miss something. */
const checkMissing = (source: ResourceSource): void => {
  if (itemsAt(source.spec.on, []).some(({ item }) => mapOf(item).all !== undefined)) return;
  for (const { item, path } of itemsAt(source.spec.notify, ['spec', 'notify'])) {
    for (const { text, path: at } of textsAt(mapOf(item).on, [...path, 'on'])) {
      if (text === 'missing') source.warn(at, '"missing" is never told: no trigger of this flow has "all"');
    }
  }
};

/** They are names in expressions, `events.<name>`. */
const checkPartNames = (source: ResourceSource, trigger: Record<string, unknown>, path: Path): void => {
  for (const name of Object.keys(mapOf(trigger.all))) {
    if (!STEP_NAME.test(name)) source.reportKey([...path, 'all', name], `${STEP_NAME_EXPECTED.replace('a step name', 'a name')}, got "${name}"`);
  }
};
