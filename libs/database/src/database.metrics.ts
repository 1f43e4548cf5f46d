import { metricPrefix, type Metrics } from '@stellwerk/service-kit';

export interface DatabaseMetrics {
  poolWait: { observe(seconds: number): void };
  transactionRetries: { inc(): void };
  outboxDepth: { set(rows: number): void };
  outboxOldest: { set(seconds: number): void };
  outboxRefused: { set(rows: number): void };
}

const WAIT_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

export const databaseMetrics = (service: string, metrics: Metrics): DatabaseMetrics => ({
  poolWait: metrics.histogram(`${metricPrefix(service)}_database_pool_wait_seconds`, 'Time until a connection was free', [], WAIT_BUCKETS),
  transactionRetries: metrics.counter(`${metricPrefix(service)}_transaction_retries_total`, 'Transactions done again after a conflict'),
  outboxDepth: metrics.gauge(`${metricPrefix(service)}_outbox_messages`, 'Messages committed and not yet published'),
  outboxOldest: metrics.gauge(`${metricPrefix(service)}_outbox_oldest_seconds`, 'Age of the oldest message not yet published'),
  outboxRefused: metrics.gauge(`${metricPrefix(service)}_outbox_refused_messages`, 'Messages that no broker takes, kept for a person'),
});
