/** Where a command writes: what it found, and what it says about itself. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** A question to the person who sits there; absent where nobody does. @returns true for yes */
  ask?(question: string): Promise<boolean>;
}

export const EXIT = { ok: 0, faults: 1, usage: 2 } as const;

/** The command was called wrongly: said in one line, exit 2. */
export class UsageError extends Error {}

/** It was asked rightly and could not be done: said in one line, exit 1. */
export class CommandFailed extends Error {}
