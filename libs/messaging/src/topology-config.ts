import { AckPolicy, DeliverPolicy, DiscardPolicy, ReplayPolicy, RetentionPolicy, StorageType, type ConsumerConfig, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { ACK_WAIT_SECONDS, DUPLICATE_WINDOW_SECONDS, maxAckPending, type ConsumerSpec, type StreamSpec } from '@stellwerk/contracts';

const DAY_MS = 86_400_000;

/** The whole of a stream that we set; every field is compared with what the server echoes. */
export const streamConfig = (spec: StreamSpec, replicas: number) => ({
  name: spec.name,
  description: spec.description,
  subjects: [...spec.subjects],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_age: nanos(spec.maxAgeDays * DAY_MS),
  max_bytes: spec.maxBytes,
  duplicate_window: nanos(DUPLICATE_WINDOW_SECONDS * 1_000),
  num_replicas: replicas,
}) satisfies Partial<StreamConfig>;

/** The whole of a consumer that we set. No back-off: it adds to the delays of nak in surprising ways. */
export const consumerConfig = (spec: ConsumerSpec) => ({
  durable_name: spec.name,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ACK_WAIT_SECONDS * 1_000),
  deliver_policy: DeliverPolicy.All,
  replay_policy: ReplayPolicy.Instant,
  max_deliver: -1,
  max_ack_pending: maxAckPending(spec),
  filter_subjects: [...spec.filterSubjects],
}) satisfies Partial<ConsumerConfig>;

type Fields = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `field is x, expected y` for each field of `expected` that `actual` has otherwise. */
export const differences = (expected: object, actual: object): string[] => Object.entries(expected)
  .filter(([field, value]) => !same(value, (actual as Fields)[field]))
  .map(([field, value]) => `${field} is ${JSON.stringify((actual as Fields)[field])}, expected ${JSON.stringify(value)}`);

/** Servers echo a sole filter in either of two fields. */
export const withOneFilterField = (config: ConsumerConfig): ConsumerConfig =>
  config.filter_subject ? { ...config, filter_subjects: [config.filter_subject] } : config;
