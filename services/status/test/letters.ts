import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { connectNats } from '@stellwerk/messaging';

export interface Raw {
  subject: string;
  id?: string;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

export interface Kept {
  sequence: number;
  subject: string;
  id: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Straight to and from the broker, past every service. */
export const openBroker = async (url: string) => {
  const connection = await connectNats('test', url);
  const manager = await jetstreamManager(connection);
  const publish = async ({ subject, id, headers: values = {}, body }: Raw): Promise<number> => {
    const message = headers();
    for (const [name, value] of Object.entries(values)) message.set(name, value);
    return (await jetstream(connection).publish(subject, body, { headers: message, ...(id !== undefined && { msgID: id }) })).seq;
  };
  const stored = async (stream: string): Promise<Kept[]> => {
    const { state } = await manager.streams.info(stream);
    const sequences = Array.from({ length: state.last_seq - state.first_seq + 1 }, (_, index) => state.first_seq + index);
    const found = await Promise.all(sequences.map((seq) => manager.streams.getMessage(stream, { seq })));
    return found.filter((message) => message !== null).map((message) => ({
      sequence: message.seq, subject: message.subject, id: message.header.get('Nats-Msg-Id'), body: Buffer.from(message.data),
      headers: Object.fromEntries([...message.header].map(([name, values]) => [name, values[0] ?? ''])),
    }));
  };
  /** Takes what waits before a consumer, as the service would that does not run here. */
  const settle = async (stream: string, name: string): Promise<void> => {
    const consumer = await jetstream(connection).consumers.get(stream, name);
    for (;;) {
      const { num_pending, num_ack_pending } = await consumer.info();
      if (num_pending + num_ack_pending === 0) return;
      for await (const message of await consumer.fetch({ max_messages: Math.max(1, num_pending), expires: 1_000 })) await message.ackAck();
    }
  };
  return { manager, publish, stored, settle, close: () => connection.close() };
};

export type Broker = Awaited<ReturnType<typeof openBroker>>;

let count = 0;

/** A dead letter as libs/messaging writes it. */
export const letterOf = (of: { messageId: string; body: string | Uint8Array; subject?: string; stream?: string; consumer?: string; reason?: string; headers?: Record<string, string> }): Raw => {
  const { messageId, body, subject = 'events.github.pipelinerun.finished', stream = 'EVENTS', consumer = 'router-events', reason = 'body is not JSON' } = of;
  const sequence = (count += 1);
  return {
    subject: `dead-letters.${stream}.${consumer}`, id: `dead:${consumer}:${sequence}`, body,
    headers: {
      'Content-Type': 'application/cloudevents+json', ...of.headers,
      'dead-letter-reason': reason, 'dead-letter-stream': stream, 'dead-letter-consumer': consumer, 'dead-letter-subject': subject,
      'dead-letter-deliveries': '21', 'dead-letter-at': new Date().toISOString(), 'dead-letter-sequence': String(sequence), 'dead-letter-message-id': messageId,
    },
  };
};

export interface Answer<T> {
  status: number;
  body: T;
}

export const post = async <T = Record<string, any>>(url: string, body: unknown = {}, token?: string): Promise<Answer<T>> => {
  const response = await fetch(url, {
    method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  return { status: response.status, body: (await response.json()) as T };
};
