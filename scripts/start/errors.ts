/** Ends `npm start` with this line and exit code; anything else is a fault of ours and shows its stack. */
export class StartFailed extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A service refused its configuration: exit code 2, as it would of every later start. */
export class ConfigRefused extends StartFailed {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration is not valid:\n${faults.join('\n')}`, 2);
    this.faults = faults;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
