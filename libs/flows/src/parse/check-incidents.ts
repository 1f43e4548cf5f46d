import { NOTIFY_ON } from '../model.js';
import type { KnownNames } from './known-names.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';

/** What opens an incident at PagerDuty, and what ends it; all else has no place there. */
const OPENS = ['failed', 'rolled-back', 'missing'];
const ENDS = ['recovered', 'succeeded'];

/** Channels of people on duty are told what opens an incident and what ends it. */
export const checkIncidents = (source: ResourceSource, names: KnownNames): void => {
  for (const { item, path } of itemsAt(source.spec.notify, ['spec', 'notify'])) {
    const { channel, on } = mapOf(item);
    if (typeof channel !== 'string' || names.channelTypeOf(channel) !== 'pagerduty') continue;
    const told = textsAt(on, [...path, 'on']);
    for (const { text, path: at } of told) {
      if ((NOTIFY_ON as readonly string[]).includes(text) && ![...OPENS, ...ENDS].includes(text)) {
        source.report(at, `"${text}" is no incident: expected ${OPENS.join(', ')}, ${ENDS.join(' or ')} on channel "${channel}" (pagerduty)`);
      }
    }
    checkEnds(source, told.map(({ text }) => text), [...path, 'on'], channel);
  }
};

/** Incidents that nothing ends are people's to resolve: better known before than found out at night. */
const checkEnds = (source: ResourceSource, told: readonly string[], path: (string | number)[], channel: string): void => {
  const opens = told.filter((word) => OPENS.includes(word));
  if (opens.length > 0 && !told.some((word) => ENDS.includes(word))) {
    source.warn(path, `nothing ends the incidents of channel "${channel}": add recovered`);
  } else if (opens.includes('missing') && !told.includes('succeeded')) {
    source.warn(path, 'a run that was missing has not failed, so that none recovers from it: "succeeded" ends the incident of "missing"');
  }
};
