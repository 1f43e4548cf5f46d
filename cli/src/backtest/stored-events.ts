import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { EventContext } from '@stellwerk/flows';
import { eventFrom, isOwnEvent } from '@stellwerk/trial';
import { platformEvent } from '../events/platform-event.js';
import type { StatusClient } from '../api/status.client.js';
import { UsageError, type Terminal } from '../terminal.js';

const PAGE = '200';

/** What platforms told since then, as the status service keeps it, newest first. */
export async function* storedEvents(client: StatusClient, since: string): AsyncGenerator<EventContext> {
  let cursor: string | undefined;
  do {
    const page: { items: unknown[]; next: string | null } = await client.get('/api/events', { kind: 'platform', since, limit: PAGE, cursor });
    for (const item of page.items) {
      const event = eventFrom(item);
      if (event) yield event;
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/**
 * One event a line. What Stellwerk itself told is passed over, and said how often: `GET /api/events` has it between the others.
 * Throws UsageError at the first line that is no event: half a history proves nothing.
 */
export async function* eventsInFile(file: string, terminal: Pick<Terminal, 'err'>): AsyncGenerator<EventContext> {
  const input = createReadStream(file);
  let number = 0;
  let own = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      const event = line.trim() === '' ? undefined : eventOfLine(line, `${file}:${number}`, number);
      if (event === 'own') own += 1;
      else if (event) yield event;
    }
    if (own > 0) terminal.err(passedOver(own));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  } finally {
    input.destroy();
  }
}

const passedOver = (own: number): string => `${own} ${own === 1 ? 'event' : 'events'} of Stellwerk itself passed over: only what platforms told is played`;

const eventOfLine = (line: string, place: string, number: number): EventContext | 'own' => {
  const value = parsed(line, place);
  if (isOwnEvent(value)) return 'own';
  const event = platformEvent(value, place, number);
  if (!event) throw new UsageError(`${place}: no event of a platform: expected type, platform and connection`);
  return event;
};

const parsed = (line: string, place: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new UsageError(`${place}: no JSON: ${(error as Error).message}`);
  }
};
