import { eventId, factOf, instanceOrigin, type Platform } from '@stellwerk/contracts';
import type { Connection, EventContext, FlowTest, ParsedEvent, RecordedEvent, ResourceSet, WrittenEvent } from '@stellwerk/flows';
import { eventOf, hookPlatforms } from '@stellwerk/platforms';
import { CannotSimulate } from './cannot-simulate.js';

/** A delivery as it came; names of headers in lower case. */
export interface Recording {
  headers: Record<string, string>;
  body: unknown;
}

export const isRecorded = (event: ParsedEvent): event is RecordedEvent => 'recorded' in event;

/** The events that one entry of a test (`written` or `recorded`) tells, as the router would get them. Throws CannotSimulate. */
export const toldEvents = (test: FlowTest, at: number, { resources, now, recording }: { resources: ResourceSet; now: Date; recording?: Recording }): EventContext[] => {
  const event = test.spec.events[at] as RecordedEvent | WrittenEvent;
  const connection = resources.connections[event.connection]!;
  return isRecorded(event) ? translated(event, connection, { hook: `${connection.name}:test-${at + 1}`, now, recording: recording! }) : [written(event, connection, { number: at + 1, now })];
};

const written = ({ type, fact, run, answers: _, ...data }: WrittenEvent, { platform, url }: Connection, { number, now }: { number: number; now: Date }): EventContext => {
  const id = eventId(`${data.connection}:test-${number}`, type);
  const platformRun = run && { ...run, id: run.id ?? String(number) };
  return {
    ...data, platform, id, type, ...(platformRun && { run: platformRun }), occurredAt: data.occurredAt ?? now.toISOString(),
    fact: fact ?? (run?.id === undefined ? id : factOfRun(type, data.repository, instanceOrigin(platform, url), { id: run.id, attempt: run.attempt })),
  };
};

const factOfRun = (type: string, repository: string | undefined, origin: string, run: { id: string; attempt: number }): string => {
  const [kind, predicate] = type.split('.') as [string, string];
  return factOf({ origin, repository: repository ?? '', kind, id: run.id, attempt: run.attempt, predicate });
};

interface Delivery {
  hook: string;
  now: Date;
  recording: Recording;
}

const translated = (event: RecordedEvent, { name, platform, url }: Connection, { hook, now, recording }: Delivery): EventContext[] => {
  const headers = { ...eventHeader(platform, event.event ?? eventOf(platform, recording.body)), ...recording.headers, ...lowerCase(event.headers ?? {}) };
  const receivedAt = event.receivedAt === undefined ? now : new Date(event.receivedAt);
  const { events, ignored } = hookPlatforms[platform]!.translate(recording.body, { connection: name, platform, origin: instanceOrigin(platform, url), hookId: hook, receivedAt, headers });
  if (events.length === 0) throw new CannotSimulate(`the payload tells no event (${ignored ?? 'nothing in it'})`);
  return events.map(({ id, type, fact, data }) => ({ ...data, id, type, fact }));
};

export const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const EVENT_HEADERS: Partial<Record<Platform, string>> = { github: 'x-github-event', gitlab: 'x-gitlab-event' };

/** What stands in the header that names the event, where the platform has one. */
export const eventHeader = (platform: Platform, event: string | undefined): Record<string, string> => {
  const header = EVENT_HEADERS[platform];
  return header !== undefined && event !== undefined ? { [header]: event } : {};
};
