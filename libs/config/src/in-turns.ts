import { setImmediate as nextTurn } from 'node:timers/promises';

/** What comes in meanwhile waits for no longer than this and one document; to give way costs some microseconds. */
const TURN_MS = 10;

type Work<T> = Generator<void, T, void>;

/** Does the work a little at a time, so that the process goes on with everything else between. Throws the reason of `stop`. */
export const inTurns = async <T>(work: Work<T>, stop: AbortSignal): Promise<T> => {
  for (;;) {
    stop.throwIfAborted();
    const step = aTurn(work);
    if (step.done) return step.value;
    await nextTurn();
  }
};

const aTurn = <T>(work: Work<T>): IteratorResult<void, T> => {
  const end = performance.now() + TURN_MS;
  for (;;) {
    const step = work.next();
    if (step.done || performance.now() >= end) return step;
  }
};
