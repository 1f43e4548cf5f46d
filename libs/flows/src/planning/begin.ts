import { startFlowClock } from './flow-clock.js';
import { listen } from './gates/waits.js';
import type { Draft } from './plan.js';
import { dropIfFull } from './run-slot.js';
import { isQueued } from './slots.js';

/** The run begins, also once more: it hears what its steps will wait for, and its time counts. Where its group is full it waits, or ends. */
export const begin = (draft: Draft): void => {
  listen(draft);
  if (isQueued(draft.run)) dropIfFull(draft);
  else startFlowClock(draft);
};
