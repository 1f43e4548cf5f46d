import { FOLLOW_ACTION, type Command } from '@stellwerk/contracts';
import { advance, isFinalRun, type Effect, type EventContext, type Flow, type Plan, type PlanInput, type RunRecord } from '@stellwerk/flows';
import { CannotSimulate } from './cannot-simulate.js';
import type { Asked } from './answers.js';
import type { Work } from './followed.js';
import { nextVote, type Order } from './people.js';
import { answerTo, endOf, type Waiting } from './platform-answers.js';
import { RunTimers } from './run-timers.js';
import { factsOf, type Surroundings } from './surroundings.js';

/** More moves than any flow of ours needs: a run that makes them will never end. */
const MOST_MOVES = 100_000;

/** The clock ticks with each answer, so that times show what came after what. */
const TICK_MS = 1_000;

/** One run, and all around it that planning only orders: platforms that answer as the test says, clocks, the ledger. */
export class SimulatedRun {
  record: RunRecord;
  /** Rendered `with` of the last attempt, by step and work. */
  readonly rendered = new Map<string, Record<string, unknown>>();
  readonly #commands: { id: string; command: Command }[] = [];
  readonly #running: Waiting[] = [];
  readonly #timers = new RunTimers();

  constructor(readonly flow: Flow, plan: Plan, private readonly around: Surroundings) {
    this.record = plan.run;
    this.#carryOut(plan.effects);
  }

  /** Until it ends, or rests because somebody is awaited. Throws CannotSimulate. */
  drive(): void {
    for (let moves = 0; this.#move(); moves += 1) {
      if (moves > MOST_MOVES) throw new CannotSimulate(`run of flow ${this.flow.name} does not come to an end`);
    }
  }

  /** An event that its steps may wait for. */
  hear(event: EventContext): void {
    if (isFinalRun(this.record.state)) return;
    this.#feed({ kind: 'event', event });
    this.drive();
  }

  /** What a person orders, at that place of the test; gives why it is refused. Throws CannotSimulate. */
  order(order: Order, at: number): string | undefined {
    const settles: Work | undefined = order.kind === 'resolve' ? { step: order.step, work: this.#stepOf(order.step)?.rollback?.state === 'unknown' ? 'rollback' : 'run' } : undefined;
    const refusal = this.#feed(order);
    if (refusal === undefined) this.around.from.byOrder(at, settles);
    this.drive();
    return refusal;
  }

  /** News of the places that it has or waits for. What it does then still follows from what started it. Throws CannotSimulate. */
  take(news: readonly PlanInput[]): void {
    for (const input of news) this.#feed(input);
    this.drive();
  }

  /** Nobody knows whether the platform took this step, or its rollback. */
  isUnknown(step: string): boolean {
    const { run, rollback } = this.#stepOf(step) ?? {};
    return run?.state === 'unknown' || rollback?.state === 'unknown';
  }

  /** When its next clock strikes. */
  get nextDue(): Date | undefined {
    return isFinalRun(this.record.state) ? undefined : this.#timers.next?.due;
  }

  /** Lets its next clock strike. Throws CannotSimulate. */
  strike(at: number): void {
    this.around.from.by(at);
    this.#strikeNext();
    this.drive();
  }

  #move(): boolean {
    const command = this.#commands.shift();
    if (command) return this.#answer(command.id, command.command);
    const ended = this.#running.shift();
    if (ended) return this.#moves(endOf(ended, this.around.clock.now));
    const vote = nextVote(this.record, (step, attempt) => this.around.answers.next(this.around.from, { flow: this.flow.name, step, work: 'run', attempt }));
    if (vote) return this.#moves(vote);
    const turn = this.around.places.turnIn(this.record.id);
    if (turn) return this.#moves(turn);
    return !isFinalRun(this.record.state) && this.#timers.isNeededBy(this.record) && this.#strikeNext();
  }

  #moves(input: PlanInput): true {
    this.#feed(input);
    return true;
  }

  /** Gives why an order is refused. */
  #feed(input: PlanInput): string | undefined {
    const { clock, places } = this.around;
    clock.now = new Date(clock.now.getTime() + TICK_MS);
    const plan = places.planned((slots) => advance(this.record, this.flow, [input], factsOf(this.around, this.record.id, slots)));
    this.record = plan.run;
    this.#carryOut(plan.effects);
    return plan.refusal?.detail;
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) this.#note(effect);
  }

  #note(effect: Effect): void {
    const { ledger, clock, places } = this.around;
    switch (effect.kind) {
      case 'command': return void this.#commands.push(effect);
      case 'set-timer': return this.#timers.set(effect);
      case 'clear-timer': return this.#timers.clear(effect.key);
      case 'ledger-enter': return ledger.enter(this.record, effect.environment, effect.step, clock.now);
      case 'ledger-good': return ledger.markGood(this.record.id);
      case 'ledger-doubt': return ledger.doubt(this.record.id);
      case 'ledger-revert': return ledger.markReverted(this.record.id, effect.step);
      case 'wait-slot':
      case 'take-slot':
      case 'free-slot': return places.note(this.record, effect);
      // Nobody else listens, and there is no connector that could go on with a command. Every event is brought to every run.
      case 'event':
      case 'give-up':
      case 'approval':
      case 'listen':
      case 'stop-listening': return;
      default: throw new CannotSimulate(`what the flow ${this.flow.name} asks for (${(effect as { kind: string }).kind})`);
    }
  }

  #answer(id: string, command: Command): boolean {
    // The attempt has ended for the run; what the platform makes of the order changes nothing any more.
    if (command.purpose === 'cancel' || command.purpose === 'report') return true;
    const attempt = this.#stepOf(command.step)![command.purpose]!.attempts.length;
    const key = `${command.step}:${command.purpose}`;
    const asked: Asked = { flow: this.flow.name, step: command.step, work: command.purpose, attempt };
    if (command.action !== FOLLOW_ACTION) this.rendered.set(key, command.with);
    const { input, running } = answerTo({ id, command }, asked, this.around);
    if (running) this.#running.push(running);
    return this.#moves(input);
  }

  #stepOf(name: string): RunRecord['steps'][number] | undefined {
    return this.record.steps.find((step) => step.name === name);
  }

  /** False when no clock runs. */
  #strikeNext(): boolean {
    const next = this.#timers.take();
    if (!next) return false;
    const { clock } = this.around;
    if (next.due > clock.now) clock.now = next.due;
    return this.#moves({ kind: 'timer', timer: next.timer });
  }
}
