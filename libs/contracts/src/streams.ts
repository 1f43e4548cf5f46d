/** One JetStream stream: file storage, Limits retention, `discard: new`. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly maxAgeDays: number;
  /** Upper bound in bytes; a full stream refuses publishes instead of dropping what is stored. */
  readonly maxBytes: number;
  readonly description: string;
}

const GIB = 1024 ** 3;

export const STREAMS = {
  hooks: { name: 'HOOKS', subjects: ['hooks.*.*'], maxAgeDays: 14, maxBytes: 4 * GIB, description: 'Deliveries as they came; confidential' },
  events: { name: 'EVENTS', subjects: ['events.>'], maxAgeDays: 14, maxBytes: 4 * GIB, description: 'What happened, as CloudEvents' },
  commands: { name: 'COMMANDS', subjects: ['commands.*.*.*'], maxAgeDays: 14, maxBytes: 2 * GIB, description: 'What we want done on a platform' },
  status: { name: 'STATUS', subjects: ['status.>'], maxAgeDays: 7, maxBytes: 2 * GIB, description: 'The public feed' },
  deadLetters: { name: 'DEAD_LETTERS', subjects: ['dead-letters.*.*'], maxAgeDays: 90, maxBytes: 2 * GIB, description: 'What could not be handled, with why; confidential' },
} as const satisfies Record<string, StreamSpec>;

/** Two minutes: how long JetStream drops a repeated message id. An optimisation only; Postgres keeps the guarantee. */
export const DUPLICATE_WINDOW_SECONDS = 120;
