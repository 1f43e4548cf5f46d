/** A person, the system, or the end of the process that started us wants us to stop. */
export interface StopRequest {
  readonly signal: AbortSignal;
  readonly requested: Promise<void>;
  /** The work, or undefined as soon as the request comes; the work itself is stopped with the children. */
  or<T>(work: Promise<T>): Promise<T | undefined>;
}

export const stopRequest = (): StopRequest => {
  const controller = new AbortController();
  const requested = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  // npm and the terminal both send a Ctrl-C, so a second one means nothing; every step of the stop has a time limit.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  process.on('disconnect', () => controller.abort());
  // A terminal that is gone must not end us in the middle of the stop.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    signal: controller.signal,
    requested,
    or: (work) => Promise.race([work.catch((error: unknown) => {
      if (controller.signal.aborted) return undefined;
      throw error;
    }), requested.then(() => undefined)]),
  };
};
