import type { PlanFacts, SlotAnswers } from '@stellwerk/flows';
import type { Answers } from './answers.js';
import type { Followed } from './followed.js';
import type { Ledger } from './ledger.js';
import type { Places } from './places.js';

/** What a run finds around it. */
export interface Surroundings {
  /** What in the test it follows from. */
  from: Followed;
  answers: Answers;
  ledger: Ledger;
  places: Places;
  clock: { now: Date };
  environments: PlanFacts['environments'];
}

export const factsOf = ({ clock, ledger, environments }: Surroundings, run: string, slots: SlotAnswers): PlanFacts =>
  ({ now: clock.now, random: () => 0.5, runUrl: `https://stellwerk.invalid/runs/${run}`, environments, ledger: ledger.seenBy(run), slots });
