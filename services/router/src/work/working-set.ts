import type { OutboxMessage, Queryable } from '@stellwerk/database';
import { isFurther, type EventContext, type PlatformRunState, type Timer } from '@stellwerk/flows';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { RunEntry } from '../history/history.repository.js';
import type { ApprovalChange } from '../approvals/approvals.repository.js';
import { WaitsAtHand } from '../waits/waits-at-hand.js';
import { CommandsAtHand, type CommandAtHand } from './commands-at-hand.js';
import { RunsAtHand } from './runs-at-hand.js';
import { SlotsAtHand } from './slots-at-hand.js';
import { TriggersAtHand } from './triggers-at-hand.js';

export interface SetTimer {
  run: string;
  key: string;
  due: Date;
  timer: Timer;
}

export interface NewHold {
  origin: string;
  event: EventContext;
  trace: TraceHeaders;
  heldUntil: Date;
}

/**
 * All that one transaction knows and changes. It is loaded at once, decisions about one message after the other read
 * and change it, and it is written down at once: what follows from many messages costs as many statements as from one.
 */
export class WorkingSet {
  readonly runs = new RunsAtHand();
  readonly commands = new CommandsAtHand();
  readonly platformRuns = new PlatformRunsAtHand();
  readonly slots = new SlotsAtHand();
  readonly triggers = new TriggersAtHand();
  readonly timers = new Map<string, SetTimer | { run: string; key: string }>();
  readonly messages: { run: string; message: OutboxMessage }[] = [];
  readonly holds: NewHold[] = [];
  readonly waits = new WaitsAtHand();
  /** What happened to runs, in its order. */
  readonly history: RunEntry[] = [];
  /** Changes of approvals, in their order. */
  readonly approvals: ApprovalChange[] = [];
  /** Commands that are settled now: events held because of them may be free. */
  readonly freed: CommandAtHand[] = [];
  /** What the metrics count once it is committed. */
  readonly counts: { runs: { state: string }[]; commands: { purpose: string; state: string }[]; held: number } = { runs: [], commands: [], held: 0 };

  /** `tx` is for what is read seldom: revisions of flows, the ledger of environments. */
  constructor(readonly tx: Queryable) {}

  hold(hold: NewHold): void {
    this.holds.push(hold);
    this.counts.held += 1;
  }

  setTimer(timer: SetTimer): void {
    this.timers.set(`${timer.run} ${timer.key}`, timer);
  }

  clearTimer(run: string, key: string): void {
    this.timers.set(`${run} ${key}`, { run, key });
  }

  /** Takes note of a command that is settled now. */
  free(command: CommandAtHand | undefined, state: string): void {
    if (!command) return;
    this.counts.commands.push({ purpose: command.purpose, state });
    if (command.purpose === 'run' || command.purpose === 'rollback') this.freed.push(command);
  }
}

/** The last states of runs of platforms, as far as one transaction has to do with them. */
class PlatformRunsAtHand {
  readonly #known = new Map<string, PlatformRunState>();
  readonly #told = new Set<string>();

  load(states: readonly PlatformRunState[]): void {
    for (const state of states) this.#known.set(state.key, state);
  }

  get(key: string): PlatformRunState | undefined {
    return this.#known.get(key);
  }

  /** Keeps what was told, if it is further than what is known. */
  tell(state: PlatformRunState): void {
    if (!isFurther(state, this.#known.get(state.key))) return;
    this.#known.set(state.key, state);
    this.#told.add(state.key);
  }

  get told(): PlatformRunState[] {
    return [...this.#told].sort().map((key) => this.#known.get(key)!);
  }
}
