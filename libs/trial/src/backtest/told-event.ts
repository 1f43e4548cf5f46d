import { PLATFORM_EVENT_TYPES, PLATFORMS, shortType, type PlatformEvent } from '@stellwerk/contracts';
import { readToldEvent, type EventContext } from '@stellwerk/flows';

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

/** It is an event of a platform, but fields of it hold what they cannot hold; the message names them, and what was expected. */
export class EventFault extends Error {}

/**
 * A CloudEvent, an item of `GET /api/events`, or the event flat as flows see it; undefined when it is none of them. What its fields hold is
 * not looked at: for events that were checked before they were stored.
 */
export const eventFrom = (value: unknown): EventContext | undefined => {
  const found = partsOf(value, 1);
  return found && eventOf(found.head, found.data as Told);
};

/**
 * The same of what anybody may have written: `number` counts the events of a file, and id and fact are made of it where a flat one has none.
 * Throws EventFault.
 */
export const writtenEvent = (value: unknown, number = 1): EventContext | undefined => {
  const found = partsOf(value, number);
  if (!found) return undefined;
  const { id, fact } = found.head;
  const read = readToldEvent({ ...found.data, id, fact });
  if ('faults' in read) throw new EventFault(read.faults.join('; '));
  return eventOf(found.head, read.told as Told);
};

type Told = Partial<PlatformEvent> & Pick<PlatformEvent, 'platform' | 'connection'>;

interface Head {
  id: unknown;
  type: string;
  fact: unknown;
}

const partsOf = (value: unknown, number: number): { head: Head; data: Record<string, unknown> } | undefined => {
  if (!isRecord(value)) return undefined;
  const { id = `file:${number}`, type, fact = id, data: inner } = value as Written;
  const short = typeof type === 'string' ? shortType(type) : '';
  const data = isRecord(inner) ? inner : isFlat(value) ? value : undefined;
  if (!data || !isOneOf(PLATFORM_EVENT_TYPES, short) || !isOneOf(PLATFORMS, data.platform) || typeof data.connection !== 'string') return undefined;
  return { head: { id, type: short, fact }, data };
};

const eventOf = ({ id, type, fact }: Head, told: Told): EventContext => ({ occurredAt: NEVER, ...told, id: String(id), type, fact: String(fact) });

/** Whether it is an event that Stellwerk itself tells (`run.*`, `connection.health`, …), as EVENTS or `GET /api/events` have it: no flow of a backtest starts by it. */
export const isOwnEvent = (value: unknown): boolean =>
  isRecord(value) && typeof value.type === 'string' && typeof value.source === 'string' && value.source.startsWith(OWN_SOURCE);

const isFlat = (value: Record<string, unknown>): boolean => !('data' in value) && typeof value.connection === 'string';

const isOneOf = (words: readonly string[], word: unknown): boolean => typeof word === 'string' && words.includes(word);
