import { waitFor } from '@stellwerk/testing';
import type { Rig } from './rig.js';
import { matches, type Subject } from './subject.js';

/** Waits until the last trigger is long enough ago that a look-up after a crash can tell the next one from it. */
export const untilRested = async ({ platform }: Rig, { restMs = 0, triggerPath }: Subject): Promise<void> => {
  const isTrigger = ({ kind, method, path }: { kind: string; method: string; path: string }): boolean => kind === 'request' && method === 'POST' && matches(triggerPath, path);
  await waitFor(async () => (await platform.journal()).every((entry) => !isTrigger(entry) || Date.now() - Date.parse(entry.at) > restMs), { what: 'a rest after the last trigger', everyMs: 200 });
};
