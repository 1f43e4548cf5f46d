import { PLATFORM_EVENT_TYPES, PLATFORMS, shortType, type PlatformEvent } from '@stellwerk/contracts';
import type { EventContext } from '@stellwerk/flows';

/** An event as it lies in EVENTS, in the timeline of the API, or is written by hand. */
interface Written {
  id?: unknown;
  type?: unknown;
  fact?: unknown;
  data?: unknown;
}

/** `/services/<name>`; those of platforms come from `/connections/<name>`. */
const OWN_SOURCE = '/services/';

/** Of one that says no time. */
const NEVER = new Date(0).toISOString();

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A CloudEvent, an item of `GET /api/events`, or the event flat as flows see it; undefined when it is none of them.
 * Id and fact are made up where a flat one has none.
 */
export const eventFrom = (value: unknown, number = 1): EventContext | undefined => {
  if (!isRecord(value)) return undefined;
  const { id = `file:${number}`, type, fact = id, data } = value as Written;
  const short = typeof type === 'string' ? shortType(type) : '';
  const told = isRecord(data) ? data : isFlat(value) ? value : undefined;
  if (!told || !isOneOf(PLATFORM_EVENT_TYPES, short) || !isOneOf(PLATFORMS, told.platform) || typeof told.connection !== 'string') return undefined;
  return { occurredAt: NEVER, ...(told as Partial<PlatformEvent>), platform: told.platform as PlatformEvent['platform'], connection: told.connection, id: String(id), type: short, fact: String(fact) };
};

/** Whether it is an event that Stellwerk itself tells (`run.*`, `connection.health`, …), as EVENTS or `GET /api/events` have it: no flow of a backtest starts by it. */
export const isOwnEvent = (value: unknown): boolean =>
  isRecord(value) && typeof value.type === 'string' && typeof value.source === 'string' && value.source.startsWith(OWN_SOURCE);

const isFlat = (value: Record<string, unknown>): boolean => !('data' in value) && typeof value.connection === 'string';

const isOneOf = (words: readonly string[], word: unknown): boolean => typeof word === 'string' && words.includes(word);
