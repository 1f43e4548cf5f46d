import type { JournalEntry, PlatformHandle } from '@stellwerk/testing/rig';

/** Requests a platform had since a moment. */
export const callsSince = (platform: PlatformHandle, since: Date, method?: string): JournalEntry[] =>
  platform.journal().filter((entry) => entry.kind === 'request' && entry.at >= since.toISOString() && (method === undefined || entry.method === method));
