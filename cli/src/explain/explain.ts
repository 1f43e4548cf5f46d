import { stat } from 'node:fs/promises';
import { instanceOrigin, type FlowExplanation } from '@stellwerk/contracts';
import { explainFlow, type EventContext, type ResourceSet } from '@stellwerk/flows';
import { eventOf, hookPlatforms } from '@stellwerk/platforms';
import { eventFrom, eventHeader, recordingOf } from '@stellwerk/trial';
import type { StatusClient } from '../api/status.client.js';
import { platformEvent } from '../events/platform-event.js';
import { readJson } from '../events/read-json.js';
import { loadValid } from '../events/load-valid.js';
import { UsageError } from '../terminal.js';

/** A flow's explanation; the API also knows what became of its run. */
export type Explained = Omit<FlowExplanation, 'run'> & { run?: { id: string; state: string | null } };

export interface Explanation {
  event: EventContext;
  items: Explained[];
}

export interface ExplainOptions {
  /** The flows to ask; else those in force. */
  config?: string;
  connection?: string;
  /** What the platform calls a recorded payload. */
  event?: string;
}

/** What flows make of a stored event (by id), or of one in a file. Throws UsageError, CommandFailed. */
export const explain = async (given: string, options: ExplainOptions, client: () => StatusClient): Promise<Explanation[]> => {
  const isFile = await stat(given).then((found) => found.isFile(), () => false);
  if (!isFile && meansFile(given)) throw new UsageError(`${given}: there is no such file; the id of a stored event begins with a name and a colon, such as github:3b1f…`);
  if (!isFile) return [await ofStored(given, options, client())];
  if (options.config === undefined) throw new UsageError('--config must say which flows are asked about an event in a file');
  const resources = await loadValid(options.config);
  return (await eventsIn(given, options, resources)).map((event) => ({ event, items: byFlows(resources, event) }));
};

/** Ids hold addresses and paths too, but begin with the name of a connection, or what else told them, and a colon. */
const meansFile = (given: string): boolean => !/^[a-z0-9-]{1,40}:/.test(given) && /\/|\.jsonl?$/.test(given);

const ofStored = async (id: string, { config }: ExplainOptions, client: StatusClient): Promise<Explanation> => {
  const answer = await client.get<{ event: { id: string; type: string; fact: string; data: object }; items: Explained[] }>(`/api/events/${encodeURIComponent(id)}/explain`);
  const event = eventFrom(answer.event)!;
  return { event, items: config === undefined ? answer.items : byFlows(await loadValid(config), event) };
};

const byFlows = ({ flows }: ResourceSet, event: EventContext): Explained[] =>
  Object.values(flows).sort((a, b) => (a.name < b.name ? -1 : 1)).map((flow) => explainFlow(flow, event) as Explained);

const eventsIn = async (file: string, options: ExplainOptions, resources: ResourceSet): Promise<EventContext[]> => {
  const value = await readJson(file);
  if (options.connection !== undefined) return translated(file, value, { ...options, connection: options.connection }, resources);
  const event = platformEvent(value, file);
  if (!event) throw new UsageError(`${file} is no event of a platform: expected type, platform and connection; of a recorded payload --connection says by which it came`);
  return [event];
};

const translated = (file: string, value: unknown, { connection: name, event }: ExplainOptions & { connection: string }, { connections }: ResourceSet): EventContext[] => {
  const connection = connections[name];
  if (!connection) throw new UsageError(`there is no connection ${name}; there are ${Object.keys(connections).sort().join(', ')}`);
  const { platform, url } = connection;
  const { headers, body } = recordingIn(file, value);
  const translation = hookPlatforms[platform]!.translate(body, {
    connection: name, platform, origin: instanceOrigin(platform, url), hookId: `${name}:file`, receivedAt: new Date(), headers: { ...eventHeader(platform, event ?? eventOf(platform, body)), ...headers },
  });
  if (translation.events.length === 0) throw new UsageError(`${file} tells no event: ${translation.ignored ?? 'nothing in it'} (--event says what ${platform} calls it)`);
  return translation.events.map(({ id, type, fact, data }) => ({ ...data, id, type, fact }));
};

const recordingIn = (file: string, value: unknown): ReturnType<typeof recordingOf> => {
  try {
    return recordingOf(value);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
};
