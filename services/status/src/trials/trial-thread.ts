import { Worker, type ResourceLimits } from 'node:worker_threads';
import { ProblemError } from '../http/problem.js';
import type { EventsAsked } from './given-body.js';
import type { EventsPage, ThreadSays, TrialOrder } from './thread-messages.js';

/** Of this service as it is built, whether this file runs from source or built. */
const MAIN = new URL(import.meta.url.endsWith('.ts') ? '../../dist/src/trial.main.js' : '../trial.main.js', import.meta.url);

/** Files of 8 MB become a multiple of that; what needs more is ended, and the service goes on. */
const LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 32 };

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

/** Gives the next page each time it is called. */
export type NextEvents = (asked: EventsAsked) => Promise<EventsPage>;

/**
 * Carries a trial out in a thread of its own, so that this one goes on answering; gives the answer as JSON.
 * It knows nothing of the environment and can be ended at any moment: `signal` does so, and its reason is what is thrown.
 * @throws ProblemError
 */
export const runInThread = async (order: TrialOrder, next: NextEvents, signal: AbortSignal, limits: ResourceLimits = LIMITS): Promise<string> => {
  signal.throwIfAborted();
  const worker = new Worker(MAIN, { workerData: order, env: {}, execArgv: [], resourceLimits: limits });
  try {
    return await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.on('error', (error) => reject(failureOf(error)));
      worker.on('exit', (code) => reject(new Error(`the thread of a ${order.kind} ended with ${code} and without an answer`)));
      worker.on('message', (what: ThreadSays) => {
        if (what.says === 'answer') resolve(what.json);
        else if (what.says === 'refused') reject(new ProblemError(what.status, what.detail, what.errors));
        else next(what.asked).then((page) => worker.postMessage(page), reject);
      });
    });
  } finally {
    await worker.terminate();
  }
};

const failureOf = (error: Error): Error =>
  (error as NodeJS.ErrnoException).code === OUT_OF_MEMORY ? new ProblemError(422, 'It needs more memory than is given to one request: give fewer or smaller files.') : error;
