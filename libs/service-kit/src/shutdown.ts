import type { Logger } from '@nestjs/common';
import { messageOf } from './errors.js';

/** 10 s for answers that are under way, 15 s for messages being handled, then drain and flush; the orchestrator's own patience is longer. */
const DEADLINE_MS = 35_000;

const TELEMETRY = Symbol.for('stellwerk.telemetry.shutdown');

/** Sends what spans are left; `telemetry.mjs` put the function there when tracing is on. Bounded by it. */
const flushTelemetry = async (): Promise<void> => {
  await (globalThis as Record<symbol, unknown> & { [TELEMETRY]?: () => Promise<void> })[TELEMETRY]?.();
};

export interface ShutdownStep {
  name: string;
  run(): Promise<void>;
}

async function runSteps(steps: readonly ShutdownStep[], log: Pick<Logger, 'error'>): Promise<number> {
  let code = 0;
  for (const step of [...steps, { name: 'telemetry', run: flushTelemetry }]) {
    try {
      await step.run();
    } catch (error) {
      log.error({ step: step.name, reason: messageOf(error) }, 'shutdown.step-failed');
      code = 1;
    }
  }
  return code;
}

/**
 * SIGTERM, SIGINT or the loss of the supervisor run the steps once, in order, telemetry last, then end the process.
 * Later signals change nothing: a terminal's Ctrl-C and a supervisor's SIGTERM often come together. `delayMs`: a wait
 * among the steps that is no work and counts towards no deadline.
 */
export function onShutdown(steps: readonly ShutdownStep[], log: Pick<Logger, 'log' | 'error'>, delayMs = 0): void {
  const deadlineMs = DEADLINE_MS + delayMs;
  let begun = false;
  const begin = (reason: string): void => {
    if (begun) return;
    begun = true;
    log.log({ reason }, 'service.stopping');
    setTimeout(() => {
      log.error({ afterMs: deadlineMs }, 'shutdown.timed-out');
      process.exit(1);
    }, deadlineMs).unref();
    void runSteps(steps, log).then((code) => {
      log.log({ code }, 'service.stopped');
      process.exit(code);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => begin(signal));
  if (process.connected) process.on('disconnect', () => begin('supervisor gone'));
}
