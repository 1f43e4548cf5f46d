import { Logger } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import { messageOf } from '@stellwerk/service-kit';
import type { JetStreamStrategy } from './jetstream.strategy.js';
import type { MessagingMetrics } from './messaging.metrics.js';
import type { NatsLink } from './nats-link.js';

const EVERY_MS = 15_000;

async function look(link: NatsLink, strategy: JetStreamStrategy, metrics: MessagingMetrics): Promise<void> {
  metrics.reconnects.set(link.reconnects);
  if (!link.up) return;
  const manager = await jetstreamManager(link.connection, { checkAPI: false });
  for (const { consumer } of strategy.loops) {
    const info = await manager.consumers.info(consumer.stream, consumer.name);
    metrics.pending.set({ consumer: consumer.name }, info.num_pending);
    metrics.ackPending.set({ consumer: consumer.name }, info.num_ack_pending);
    metrics.redelivered.set({ consumer: consumer.name }, info.num_redelivered);
  }
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
