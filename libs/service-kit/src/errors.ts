export interface RetryOptions {
  /** Never sooner than this; a platform's Retry-After. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** It may work later: the message is delivered again after a while. */
export class RetryableError extends Error {
  readonly retryAfterMs?: number;

  constructor(message: string, options: RetryOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'RetryableError';
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Broker or database is away. Nobody's fault and nothing wrong with the message: consumers hold what they have
 * and try again in place, so that an outage neither burns deliveries nor dead-letters what is in flight.
 */
export class StoreAwayError extends RetryableError {
  constructor(message: string, options: RetryOptions = {}) {
    super(message, options);
    this.name = 'StoreAwayError';
  }
}

/** It will not work tomorrow either: the message goes to the dead letters. */
export class PermanentError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'PermanentError';
  }
}

/** The service is configured wrongly: every fault is printed, the process ends with 2 and takes no work. */
export class ConfigFault extends Error {
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigFault';
  }
}

/** The text of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
