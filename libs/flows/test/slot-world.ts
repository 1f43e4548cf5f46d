import type { Command, Outcome } from '@stellwerk/contracts';
import type { Flow } from '../src/model.js';
import { advance } from '../src/planning/advance.js';
import { entriesOfMove, entryOfStart, type HistoryEntry } from '../src/planning/history/entries.js';
import { faultsOfHistory } from '../src/planning/history/rebuild-run.js';
import type { Plan, PlanFacts, PlanInput } from '../src/planning/plan.js';
import type { RunRecord } from '../src/planning/run-record.js';
import { settleSlot } from '../src/planning/settle-slot.js';
import { answerAsks, openAsks, placeOf } from '../src/planning/slot-answers.js';
import { anyMoves, inputsOfMoves } from '../src/planning/slot-inputs.js';
import { slotId, type Place, type SlotAnswers, type SlotName } from '../src/planning/slots.js';
import { startRun } from '../src/planning/start-run.js';
import { event } from './planned-world.js';

const isSame = (a: { run: string; step?: string }, b: { run: string; step?: string }): boolean => a.run === b.run && a.step === b.step;

/** Several runs and the slots they share: what the router keeps in tables, and when it looks at them. */
export class SlotWorld {
  readonly runs = new Map<string, { run: RunRecord; flow: Flow }>();
  readonly history: { run: string; entry: HistoryEntry }[] = [];
  readonly commands = new Map<string, Command>();
  readonly effects: Plan['effects'] = [];
  places: Place[] = [];
  environments: PlanFacts['environments'] = {};
  ledger: PlanFacts['ledger'] = {};
  now = new Date('2026-11-24T08:00:00Z');
  /** Slots that another transaction has its hand on. */
  readonly busy = new Set<string>();

  run(id: string): RunRecord {
    return this.runs.get(id)!.run;
  }

  start(id: string, flow: Flow, more: Partial<typeof event> = {}): RunRecord {
    const start = {
      id, flow, trigger: flow.on[0]!, event: { ...event, ...more }, connections: { gitlab: 'gitlab', github: 'github' } as const,
      reportTo: [{ connection: 'github', platform: 'github' } as const], chain: { links: 0, flows: [] },
    };
    const plan = this.#planned((slots) => startRun(start, this.#facts(slots)));
    this.#note(id, entryOfStart(plan, { reportTo: start.reportTo }, 'start'));
    return this.#carryOut(flow, plan);
  }

  feed(id: string, ...inputs: PlanInput[]): RunRecord {
    const { run, flow } = this.runs.get(id)!;
    const plan = this.#planned((slots) => advance(run, flow, inputs, this.#facts(slots)));
    if (!plan.refusal) this.#note(id, ...entriesOfMove(run, plan, inputs, 'fed'));
    return this.#carryOut(flow, plan);
  }

  #note(run: string, ...entries: HistoryEntry[]): void {
    this.history.push(...(JSON.parse(JSON.stringify(entries)) as HistoryEntry[]).map((entry) => ({ run, entry })));
  }

  /** In what the run is not what its history makes of it. */
  historyFaults(id: string): string[] {
    const { run, flow } = this.runs.get(id)!;
    return faultsOfHistory(run, flow, this.history.filter((one) => one.run === id).map(({ entry }) => entry));
  }

  /** The time of the whole run is over; one that stands in line has none yet. */
  overtime(id: string): RunRecord {
    const { due } = this.run(id).clock ?? {};
    if (due !== undefined) this.now = new Date(Math.max(this.now.getTime(), Date.parse(due)));
    return this.feed(id, { kind: 'timer', timer: { kind: 'flow-timeout' } });
  }

  /** The platform takes a command, and ends its run. */
  ends(command: string, outcome: Outcome): void {
    const run = command.split(':')[0]!;
    const result = { command, platformRun: { id: command, attempt: 1 }, platformRunKey: command, followed: true };
    this.feed(run, { kind: 'accepted', result });
    this.feed(run, { kind: 'platform-run', state: { key: command, predicate: 'finished', attempt: 1, outcome, at: this.now.toISOString() } });
  }

  /** Commands that a run of a platform may stand for now. */
  open(): string[] {
    return [...this.runs.values()].flatMap(({ run }) => run.steps.flatMap(({ run: work, rollback }) => [work, ...(rollback ? [rollback] : [])]))
      .filter(({ state }) => state === 'triggering' || state === 'running').map(({ attempts }) => attempts.at(-1)!.command);
  }

  /** One look at one slot; true when something moved. `locked`: runs that another transaction has. */
  settle(slot: SlotName, locked: readonly string[] = []): boolean {
    const places = this.placesIn(slot);
    const moves = settleSlot(places);
    if (!anyMoves(moves)) return false;
    for (const [run, inputs] of inputsOfMoves(moves, places)) if (!locked.includes(run)) this.feed(run, ...inputs);
    for (const { place } of moves.cancel) {
      if (!locked.includes(place.run)) this.places = this.places.map((one) => (isSame(one, place) ? { ...one, displaced: true } : one));
    }
    return true;
  }

  /** All slots, until nothing moves. */
  settleAll(): void {
    for (let turn = 0; this.slots().some((slot) => this.settle(slot)); turn += 1) if (turn > 1_000) throw new Error('slots never settle');
  }

  slots(): SlotName[] {
    return [...new Map(this.places.map((place) => [slotId(place), place])).values()];
  }

  placesIn(slot: SlotName): Place[] {
    return this.places.filter((place) => slotId(place) === slotId(slot)).map((place) => ({ ...place, rollingBack: this.run(place.run).state === 'rolling-back' }));
  }

  #facts(slots: SlotAnswers): PlanFacts {
    return { now: this.now, random: () => 0.5, runUrl: 'http://stellwerk/runs/x', environments: this.environments, ledger: this.ledger, slots };
  }

  #planned(make: (slots: SlotAnswers) => Plan): Plan {
    let answers: SlotAnswers = {};
    for (;;) {
      const plan = make(answers);
      if (openAsks(plan, answers).length === 0) return plan;
      answers = answerAsks(plan, answers, (slot) => (this.busy.has(slotId(slot)) ? undefined : this.placesIn(slot)));
    }
  }

  #carryOut(flow: Flow, { run, effects }: Plan): RunRecord {
    this.runs.set(run.id, { run, flow });
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.kind === 'command') this.commands.set(effect.id, effect.command);
      if (effect.kind === 'free-slot') this.places = this.places.filter((place) => !isSame(place, { run: run.id, step: effect.step }));
      if (effect.kind !== 'wait-slot' && effect.kind !== 'take-slot') continue;
      const place = placeOf(run, effect.ask, effect.kind === 'take-slot');
      this.places = [...this.places.filter((one) => !isSame(one, place)), place];
    }
    return run;
  }
}
