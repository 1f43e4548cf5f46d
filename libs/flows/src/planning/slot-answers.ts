import { hasRoom } from './settle-slot.js';
import type { Plan } from './plan.js';
import type { RunRecord } from './run-record.js';
import { slotId, type Place, type SlotAnswer, type SlotAnswers, type SlotAsk, type SlotName } from './slots.js';

/** A place of a run, as others see it. */
export const placeOf = (run: RunRecord, ask: SlotAsk, held: boolean): Place =>
  ({ ...ask, run: run.id, flow: run.flow, held, displaced: false, rollingBack: run.state === 'rolling-back' });

/** Places that a plan asks for, and about which nothing was said yet: it is to be made again with their answers. */
export const openAsks = (plan: Plan, answers: SlotAnswers): SlotAsk[] =>
  plan.effects.flatMap((effect) => (effect.kind === 'wait-slot' && !Object.hasOwn(answers, effect.ask.step ?? '') ? [effect.ask] : []));

/** Who holds and who waits, as far as that can be seen; undefined = another transaction has its hand on the slot. */
export type SeenSlots = (slot: SlotName) => readonly Place[] | undefined;

/** `answers` and those to the open questions of a plan. What the plan gives back counts as free, what it takes as taken. */
export const answerAsks = (plan: Plan, answers: SlotAnswers, seen: SeenSlots): SlotAnswers => {
  const all: Record<string, SlotAnswer> = { ...answers };
  const own = placesInPlan(plan, answers);
  for (const ask of openAsks(plan, answers)) {
    const others = seen(ask)?.filter(({ run, step }) => run !== plan.run.id || !own.touched.has(step ?? ''));
    const answer = answerTo(ask, others && [...others, ...own.places.filter((place) => slotId(place) === slotId(ask))]);
    all[ask.step ?? ''] = answer;
    own.places.push(placeOf(plan.run, ask, answer.given));
  }
  return all;
};

const answerTo = ({ key, limit }: SlotAsk, places: readonly Place[] | undefined): SlotAnswer => {
  if (!places) return { key, given: false };
  const given = hasRoom(places, limit);
  return { key, given, holders: places.filter(({ held }) => held), ...(!given && places.length < limit && { hasTurn: true }) };
};

/** What the run holds after the plan, and of which steps the plan says anything. */
const placesInPlan = ({ run, effects }: Plan, answers: SlotAnswers): { places: Place[]; touched: Set<string> } => {
  const places = new Map<string, Place>();
  const touched = new Set<string>();
  for (const effect of effects) {
    if (effect.kind === 'free-slot') places.delete(effect.step ?? '');
    else if (effect.kind === 'take-slot' || (effect.kind === 'wait-slot' && Object.hasOwn(answers, effect.ask.step ?? ''))) {
      places.set(effect.ask.step ?? '', placeOf(run, effect.ask, effect.kind === 'take-slot'));
    } else continue;
    touched.add(effect.kind === 'free-slot' ? effect.step ?? '' : effect.ask.step ?? '');
  }
  return { places: [...places.values()], touched };
};
