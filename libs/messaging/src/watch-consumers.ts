import { Logger } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { STREAMS, type ConsumerSpec } from '@stellwerk/contracts';
import { messageOf } from '@stellwerk/service-kit';
import type { JetStreamStrategy } from './jetstream.strategy.js';
import type { MessagingMetrics } from './messaging.metrics.js';
import type { NatsLink } from './nats-link.js';
import { oldestUnsettled } from './oldest-unsettled.js';

const EVERY_MS = 15_000;
const DAY_SECONDS = 86_400;

const maxAgeSeconds = (stream: string): number => (Object.values(STREAMS).find(({ name }) => name === stream)?.maxAgeDays ?? 1) * DAY_SECONDS;

/** Sets the gauges of one consumer to what the broker says of it now. */
export async function measureConsumer(manager: JetStreamManager, { stream, name: consumer }: ConsumerSpec, metrics: MessagingMetrics): Promise<void> {
  const info = await manager.consumers.info(stream, consumer);
  metrics.pending.set({ consumer }, info.num_pending);
  metrics.ackPending.set({ consumer }, info.num_ack_pending);
  metrics.redelivered.set({ consumer }, info.num_redelivered);
  // What is not counted yet has no age, and most consumers have nothing before them most of the time.
  const oldest = info.num_pending + info.num_ack_pending > 0 ? await oldestUnsettled(manager, info) : undefined;
  const seconds = oldest ? Math.max(0, Date.now() - oldest.time.getTime()) / 1_000 : 0;
  metrics.oldestUnacked.set({ consumer }, seconds);
  metrics.oldestUnackedRatio.set({ consumer }, seconds / maxAgeSeconds(stream));
}

async function look(link: NatsLink, strategy: JetStreamStrategy, metrics: MessagingMetrics): Promise<void> {
  metrics.reconnects.set(link.reconnects);
  for (const loop of strategy.loops) metrics.loopAlive.set({ consumer: loop.consumer.name }, loop.alive ? 1 : 0);
  if (!link.up) return;
  const manager = await jetstreamManager(link.connection, { checkAPI: false });
  for (const { consumer } of strategy.loops) await measureConsumer(manager, consumer, metrics);
}

/** Keeps the gauges of each consumer current. Gives the way to stop. */
export function watchConsumers(link: NatsLink, strategy: JetStreamStrategy, metrics: MessagingMetrics): () => void {
  const log = new Logger('consumer');
  const timer = setInterval(() => {
    look(link, strategy, metrics).catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'consumers.unwatched'));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
