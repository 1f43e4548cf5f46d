import type { EventContext } from '@stellwerk/flows';
import { EventFault, writtenEvent } from '@stellwerk/trial';
import { UsageError } from '../terminal.js';

/** An event of a platform that lies in a file; undefined: it is none. Throws UsageError, which names `place` and the field, when it is one with a fault. */
export const platformEvent = (value: unknown, place: string, number?: number): EventContext | undefined => {
  try {
    return writtenEvent(value, number);
  } catch (error) {
    if (error instanceof EventFault) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
};
