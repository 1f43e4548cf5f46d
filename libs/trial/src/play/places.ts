import type { RunState } from '@stellwerk/contracts';
import { answerAsks, anyMoves, inputsOfMoves, openAsks, placeOf, settleSlot, slotId, type Effect, type Place, type Plan, type PlanInput, type RunRecord, type SlotAnswers, type SlotMoves, type SlotName } from '@stellwerk/flows';

/** Who has a place in a group or an environment, and who waits for one: what the router keeps in rows. */
export class Places {
  /** In the order of their coming. */
  #places: readonly Place[] = [];

  /** A plan is made, the places that it asks for are answered, and it is made again with the answers. */
  planned(make: (slots: SlotAnswers) => Plan): Plan {
    for (let answers: SlotAnswers = {}; ;) {
      const plan = make(answers);
      if (openAsks(plan, answers).length === 0) return plan;
      answers = answerAsks(plan, answers, (slot) => this.#in(slot));
    }
  }

  note(run: RunRecord, effect: Extract<Effect, { kind: 'wait-slot' | 'take-slot' | 'free-slot' }>): void {
    const step = effect.kind === 'free-slot' ? effect.step : effect.ask.step;
    const others = this.#places.filter((place) => place.run !== run.id || place.step !== step);
    this.#places = effect.kind === 'free-slot' ? others : [...others, placeOf(run, effect.ask, effect.kind === 'take-slot')];
  }

  /** A step of this run that waits, and whose turn it is. */
  turnIn(run: string): PlanInput | undefined {
    const turn = this.#slots().flatMap((slot) => settleSlot(this.#in(slot)).give).find((place) => place.run === run && place.step !== undefined);
    return turn && { kind: 'slot', step: turn.step! };
  }

  /** What happens to which runs in the first slot where something is to be done; undefined = nowhere. */
  nextMoves(stateOf: (run: string) => RunState): Map<string, PlanInput[]> | undefined {
    for (const slot of this.#slots()) {
      const places = this.#in(slot).map((place) => ({ ...place, rollingBack: stateOf(place.run) === 'rolling-back' }));
      const moves = settleSlot(places);
      if (!anyMoves(moves)) continue;
      this.#noteDisplaced(moves);
      return inputsOfMoves(moves, places);
    }
    return undefined;
  }

  /** Once told is enough. */
  #noteDisplaced({ cancel }: SlotMoves): void {
    const told = new Set(cancel.map(({ place }) => keyOf(place)));
    this.#places = this.#places.map((place) => (told.has(keyOf(place)) ? { ...place, displaced: true } : place));
  }

  #in(slot: SlotName): Place[] {
    return this.#places.filter((place) => slotId(place) === slotId(slot));
  }

  #slots(): SlotName[] {
    return [...new Map(this.#places.map((place) => [slotId(place), place])).values()];
  }
}

const keyOf = ({ run, step }: Place): string => `${run}\n${step ?? ''}`;
