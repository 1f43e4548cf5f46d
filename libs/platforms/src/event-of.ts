import type { Platform } from '@stellwerk/contracts';
import { githubEventOf } from './github/event-of.js';
import { gitlabEventOf } from './gitlab/event-of.js';
import { isRecord } from './shared/read.js';

/** What the platform would write into its event header beside such a payload; undefined when it has none, or the payload does not tell. */
export const eventOf = (platform: Platform, payload: unknown): string | undefined => {
  if (!isRecord(payload)) return undefined;
  if (platform === 'github') return githubEventOf(payload);
  return platform === 'gitlab' ? gitlabEventOf(payload) : undefined;
};
