import type { ConsumerInfo, JetStreamManager, StoredMsg } from '@nats-io/jetstream';

/** Place of a message in its stream, and since when it is there. */
export interface Unsettled {
  sequence: number;
  time: Date;
}

const filtersOf = ({ config }: ConsumerInfo): string[] =>
  config.filter_subjects?.length ? config.filter_subjects : [config.filter_subject || '>'];

// The client's type leaves `next_by_subj` out, servers take it here as well.
const nextOf = (manager: JetStreamManager, stream: string, seq: number, subject: string): Promise<StoredMsg | null> =>
  manager.streams.getMessage(stream, { seq, next_by_subj: subject } as unknown as { seq: number });

/**
 * The oldest message that a consumer has not settled; undefined when it has settled all. Its ack floor alone would not
 * tell: for what it does not take it never moves. Nor would its counts: a server confirms a message when it is stored,
 * and counts it for its consumers a moment later (nats-server 2.15.1: on a busy machine one question in a hundred comes in between).
 */
export async function oldestUnsettled(manager: JetStreamManager, consumer: ConsumerInfo): Promise<Unsettled | undefined> {
  const from = consumer.ack_floor.stream_seq + 1;
  const found = await Promise.all(filtersOf(consumer).map((subject) => nextOf(manager, consumer.stream_name, from, subject)));
  const [oldest] = found.filter((message) => message !== null).sort((one, other) => one.seq - other.seq);
  return oldest && { sequence: oldest.seq, time: oldest.time };
}
