export interface WaitForOptions {
  timeoutMs?: number;
  /** Named in the error when it never came true. */
  what: string;
  /** Time between two looks. Default 20. */
  everyMs?: number;
}

type Falsy = undefined | null | false;

/** Repeats `check` until it gives something; what it throws meanwhile is in the error when the time is over. */
export const waitFor = async <T>(check: () => T | Falsy | Promise<T | Falsy>, options: WaitForOptions = { what: 'the condition' }): Promise<T> => {
  const timeoutMs = options.timeoutMs ?? 25_000;
  const until = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== null && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`${options.what}: not within ${timeoutMs} ms${last instanceof Error ? `; last: ${last.message}` : ''}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 20));
  }
};
