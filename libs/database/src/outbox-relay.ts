import type { TraceHeaders } from '@stellwerk/service-kit';
import type { Database } from './database.js';
import type { OutboxMessage } from './outbox.js';

export interface OutboxRelayOptions {
  sweepMs?: number;
}

export class OutboxRelay {
  constructor(
    readonly database: Database,
    readonly publish: (message: OutboxMessage & { trace?: TraceHeaders }) => Promise<unknown>,
    readonly options: OutboxRelayOptions = {},
  ) {}

  async flush(): Promise<void> {
    throw new Error('not yet');
  }

  start(): void {
    throw new Error('not yet');
  }

  async stop(): Promise<void> {
    throw new Error('not yet');
  }
}
