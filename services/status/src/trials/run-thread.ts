import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { ProblemError } from '../http/problem.js';
import { carryOutTrial, type AskEvents } from './carry-out-trial.js';
import type { EventsPage, ThreadSays, TrialOrder } from './thread-messages.js';

/** Carries one trial out, within its own thread; says the answer, or why there is none. What is a fault of ours ends the thread with it. */
export const runThread = async (port: MessagePort, order: TrialOrder): Promise<void> => {
  const say = (what: ThreadSays): void => port.postMessage(what);
  const ask: AskEvents = async (asked) => {
    const answer = once(port, 'message');
    say({ says: 'next', asked });
    return ((await answer) as [EventsPage])[0];
  };
  try {
    say({ says: 'answer', json: JSON.stringify(await carryOutTrial(order, ask)) });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    say({ says: 'refused', status: error.status, detail: error.message, errors: error.errors });
  }
  port.close();
};
