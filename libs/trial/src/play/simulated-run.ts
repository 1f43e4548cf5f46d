import { platformRunKey, type Command } from '@stellwerk/contracts';
import { advance, isFinalRun, type Answer, type Effect, type EventContext, type Flow, type Plan, type PlanFacts, type PlanInput, type RunRecord, type Timer } from '@stellwerk/flows';
import { CannotSimulate } from './cannot-simulate.js';
import type { Answers, Asked } from './answers.js';
import type { Ledger } from './ledger.js';
import { nextVote } from './people.js';

/** Of a platform nobody asks more: its runs are known by a name of ours. */
const ORIGIN = 'https://platform.invalid';

/** More moves than any flow of ours needs: a run that makes them will never end. */
const MOST_MOVES = 100_000;

/** The clock ticks with each answer, so that times show what came after what. */
const TICK_MS = 1_000;

export interface Surroundings {
  /** Index of the event that started it. */
  event: number;
  answers: Answers;
  ledger: Ledger;
  clock: { now: Date };
  environments: PlanFacts['environments'];
}

export const factsOf = ({ clock, ledger, environments }: Surroundings, run: string): PlanFacts =>
  ({ now: clock.now, random: () => 0.5, runUrl: `https://stellwerk.invalid/runs/${run}`, environments, ledger: ledger.seenBy(run) });

interface Waiting {
  key: string;
  answer: Answer;
}

/** One run, and all around it that planning only orders: platforms that answer as the test says, clocks, the ledger. */
export class SimulatedRun {
  record: RunRecord;
  /** Rendered `with` of the last attempt, by step and work. */
  readonly rendered = new Map<string, Record<string, unknown>>();
  readonly #commands: { id: string; command: Command }[] = [];
  readonly #running: Waiting[] = [];
  readonly #timers = new Map<string, { due: Date; timer: Timer }>();

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

  #move(): boolean {
    const command = this.#commands.shift();
    if (command) return this.#answer(command.id, command.command);
    const ended = this.#running.shift();
    if (ended) return this.#end(ended);
    const vote = nextVote(this.record, (step) => this.around.answers.next(this.around.event, { flow: this.flow.name, step, work: 'run', attempt: 1 }));
    return vote ? this.#feed(vote) : this.#strike();
  }

  #feed(input: PlanInput): true {
    const { clock } = this.around;
    clock.now = new Date(clock.now.getTime() + TICK_MS);
    const plan = advance(this.record, this.flow, [input], factsOf(this.around, this.record.id));
    this.record = plan.run;
    this.#carryOut(plan.effects);
    return true;
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) this.#note(effect);
  }

  #note(effect: Effect): void {
    const { ledger, clock } = this.around;
    switch (effect.kind) {
      case 'command': return void this.#commands.push(effect);
      case 'set-timer': return void this.#timers.set(effect.key, effect);
      case 'clear-timer': return void this.#timers.delete(effect.key);
      case 'ledger-enter': return ledger.enter(this.record, effect.environment, effect.step, clock.now);
      case 'ledger-good': return ledger.markGood(this.record.id);
      case 'ledger-revert': return ledger.markReverted(this.record.id, effect.step);
      // Nobody else listens, and there is no connector that could go on with a command. One run comes to its rest before the next begins:
      // places are free. Every event is brought to every run.
      case 'event':
      case 'give-up':
      case 'approval':
      case 'listen':
      case 'stop-listening':
      case 'take-slot':
      case 'free-slot': return;
      default: throw new CannotSimulate(`what the flow ${this.flow.name} asks for (${(effect as { kind: string }).kind})`);
    }
  }

  #answer(id: string, command: Command): boolean {
    // The attempt has ended for the run; what the platform makes of the order changes nothing any more.
    if (command.purpose === 'cancel' || command.purpose === 'report') return true;
    const attempt = this.record.steps.find(({ name }) => name === command.step)![command.purpose]!.attempts.length;
    const asked: Asked = { flow: this.flow.name, step: command.step, work: command.purpose, attempt };
    this.rendered.set(`${command.step}:${command.purpose}`, command.with);
    const answer = this.around.answers.next(this.around.event, asked);
    if (answer === 'refused') return this.#feed({ kind: 'rejected', result: { command: id, rejection: 'refused', reason: 'refused, as the test says' } });
    if (answer === 'unknown') return this.#feed({ kind: 'unknown', result: { command: id, reason: 'unknown, as the test says' } });
    if (!command.await && answer !== 'success') throw new CannotSimulate(`step ${command.step} does not wait for a run: it can be answered with success, refused or unknown, not with ${answer}`);
    return this.#accept(id, command, answer, asked);
  }

  #accept(id: string, command: Command, answer: Answer, asked: Asked): boolean {
    const run = this.around.answers.runOf(this.around.event, asked) ?? { id: `${asked.step}-${asked.attempt}`, url: `${ORIGIN}/${asked.step}/${asked.attempt}` };
    const outputs = this.around.answers.outputsOf(this.around.event, asked);
    const key = platformRunKey(ORIGIN, command.connection, id);
    if (command.await && answer !== 'never') this.#running.push({ key, answer });
    return this.#feed({ kind: 'accepted', result: { command: id, platformRun: { attempt: 1, ...run }, platformRunKey: key, followed: command.await, ...(outputs && { outputs }) } });
  }

  #end({ key, answer }: Waiting): boolean {
    const at = this.around.clock.now.toISOString();
    return this.#feed({ kind: 'platform-run', state: { key, predicate: 'finished', attempt: 1, at, outcome: answer as Exclude<Answer, 'refused' | 'unknown' | 'never'> } });
  }

  /** Time goes on while a step runs for ever or pauses before its next attempt. Where a person is awaited, the test ends there. */
  #strike(): boolean {
    if (isFinalRun(this.record.state) || !this.#needsTime()) return false;
    const [next] = [...this.#timers].sort(([, a], [, b]) => a.due.getTime() - b.due.getTime());
    if (!next) return false;
    const [key, { due, timer }] = next;
    if (!['flow-timeout', 'attempt-timeout', 'retry', 'gate'].includes(timer.kind)) throw new CannotSimulate(`a clock of the kind ${timer.kind}`);
    this.#timers.delete(key);
    if (due > this.around.clock.now) this.around.clock.now = due;
    return this.#feed({ kind: 'timer', timer });
  }

  #needsTime(): boolean {
    const pauses = [...this.#timers.values()].some(({ timer }) => timer.kind === 'retry');
    return pauses || this.record.steps.some(({ run, rollback }) => run.state === 'running' || rollback?.state === 'running' || isOnlyTime(run.gate?.kind));
  }
}

/** It waits for nothing but that time goes by. */
const isOnlyTime = (gate: string | undefined): boolean => gate === 'time' || gate === 'freeze';
