import { CONSUMERS } from '@stellwerk/contracts';
import { jetstream } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Rig } from '@stellwerk/testing/rig';

const run = promisify(execFile);

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const specOf = (consumer: string) => {
  const spec = CONSUMERS.find(({ name }) => name === consumer);
  if (!spec) throw new Error(`there is no consumer ${consumer}`);
  return spec;
};

export interface Deliveries {
  /** Messages of the stream that the consumer takes. */
  messages: number;
  /** How often one was handed out. */
  deliveries: number;
}

/** How much a consumer was handed so far; more deliveries than messages were redeliveries. */
export const deliveriesOf = async (rig: Rig, consumer: string): Promise<Deliveries> => {
  const { stream, filterSubjects } = specOf(consumer);
  const manager = await rig.nats.manager();
  const { delivered } = await manager.consumers.info(stream, consumer);
  let messages = 0;
  for (const filter of filterSubjects) {
    const { state } = await manager.streams.info(stream, { subjects_filter: filter });
    for (const count of Object.values(state.subjects ?? {})) messages += count;
  }
  return { messages, deliveries: delivered.consumer_seq };
};

/** Deliveries beyond one a message between two looks. */
export const redeliveriesBetween = (before: Deliveries, after: Deliveries): number =>
  after.deliveries - before.deliveries - (after.messages - before.messages);

/** What an operator's job does: creates and updates streams and consumers as they are declared. */
export const declare = async (rig: Rig): Promise<void> => {
  const env = { ...process.env, NATS_URL: rig.nats.url, NATS_REPLICAS: String(rig.options.streamReplicas ?? rig.nats.size) };
  await run(process.execPath, ['libs/messaging/dist/declare.main.js'], { cwd: ROOT, env, timeout: 60_000 });
};

/** Puts any bytes on a stream, as nobody of ours would. */
export const publishRaw = async (rig: Rig, subject: string, body: string | Uint8Array, values: Record<string, string> = {}): Promise<number> => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return (await jetstream(await rig.nats.connection()).publish(subject, body, { headers })).seq;
};

/** Others come again after so long; the one that is meant comes at once. */
const OTHERS_MS = 40_000;

/** Takes one message of a consumer and hands it back, until it was delivered so often. Nobody else may be pulling meanwhile. */
export const deliverInVain = async (rig: Rig, consumer: string, sequence: number, times: number): Promise<void> => {
  const { stream } = specOf(consumer);
  const connection = await rig.nats.connection();
  const source = await jetstream(connection).consumers.get(stream, consumer);
  for (let delivered = 0; delivered < times;) {
    const message = await source.next({ expires: 30_000 });
    if (!message) throw new Error(`${consumer} has nothing to deliver`);
    const meant = message.seq === sequence;
    if (meant) delivered = message.info.deliveryCount;
    message.nak(meant ? undefined : OTHERS_MS);
    await connection.flush();
  }
};
