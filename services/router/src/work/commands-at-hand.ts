import type { Command, Purpose } from '@stellwerk/contracts';
import type { EventContext, PlatformRunState } from '@stellwerk/flows';
import type { CommandTarget } from '../runs/command-target.js';
import { goesBackTo, withEnd, type Repeats } from '../runs/repeats.js';

export type CommandState = 'sent' | 'accepted' | 'rejected' | 'unknown' | 'given-up';

/** A command as it is known to a transaction. */
export interface CommandAtHand {
  id: string;
  run: string;
  purpose: Purpose;
  origin: string;
  repository: string | null;
  state: CommandState;
  /** Key of the platform's run. */
  key: string | null;
  /** The platform's run that it has set going again, once that is known. */
  repeats: Repeats | null;
  /** Seconds. */
  createdAt: number;
}

export interface NewCommand {
  id: string;
  command: Command;
  target: CommandTarget;
}

export interface Settlement {
  id: string;
  run: string;
  state: CommandState;
  key?: string;
  repeats?: Repeats;
  reason?: string;
}

/** A settled command is not unsettled again; of one given up it is still noted what became of it. */
const mayBecome = (from: CommandState, to: CommandState): boolean =>
  from === 'sent' || from === 'unknown' || (from === 'given-up' && to !== 'unknown' && to !== 'given-up');

/** The commands of one transaction: those that its news speak of, and those it sends. */
export class CommandsAtHand {
  readonly #known = new Map<string, CommandAtHand>();
  readonly #sent: NewCommand[] = [];
  readonly #settled = new Map<string, Settlement>();
  readonly #keyed = new Map<string, string>();
  readonly #ended = new Set<string>();

  load(commands: readonly CommandAtHand[]): void {
    for (const command of commands) this.#known.set(command.id, command);
  }

  send(command: NewCommand): void {
    this.#sent.push(command);
  }

  /** Notes what became of a command; undefined when that changes nothing. */
  settle(id: string, state: CommandState, { key, repeats, reason }: Pick<Settlement, 'key' | 'repeats' | 'reason'> = {}): CommandAtHand | undefined {
    const command = this.#known.get(id);
    if (!command || !mayBecome(command.state, state)) return undefined;
    command.state = state;
    command.key = key ?? command.key;
    command.repeats = repeats ?? command.repeats;
    this.#settled.set(id, { id, run: command.run, state, key: command.key ?? undefined, repeats: command.repeats ?? undefined, reason });
    return command;
  }

  /**
   * Whether an id of ours counts that stands on this run of a platform. Ids are no secret, and in some hooks a sender may write any: only the
   * instance that the command was for can tell of it.
   */
  isFor(id: string, key: string): boolean {
    const command = this.#known.get(id);
    return command !== undefined && key.startsWith(`${command.origin}/`);
  }

  /** The platform echoed our id: it took the command, and from now on its run is known to be ours. */
  echoed(id: string, key: string): CommandAtHand | undefined {
    const settled = this.settle(id, 'accepted', { key });
    const command = this.#known.get(id);
    if (!settled && command?.key === null) {
      command.key = key;
      this.#keyed.set(id, key);
    }
    return settled;
  }

  /** Of an UNKNOWN nobody waits for any more. What is heard of it later is still noted. */
  giveUp(id: string, run: string): void {
    const reason = 'nobody waits for its end any more';
    if (this.#known.has(id)) this.settle(id, 'given-up', { reason });
    else this.#settled.set(id, { id, run, state: 'given-up', reason });
  }

  /** The commands that started this run of a platform, the first one first. */
  behind(key: string | undefined, correlation: string | undefined): CommandAtHand[] {
    const found = [...this.#known.values()].filter((command) => (key !== undefined && command.key === key) || command.id === correlation);
    return found.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** The commands that an event goes back to: those that started its run, and those that set it going again. */
  causes(key: string | undefined, event: EventContext): CommandAtHand[] {
    const repeating = [...this.#known.values()].filter(({ repeats }) => repeats !== null && repeats.key === key && goesBackTo(repeats, event));
    return [...new Set([...this.behind(key, event.correlation ?? event.causedBy), ...repeating])];
  }

  /** A platform's run has come to an end: of commands that set it going again, perhaps theirs. */
  hasEnded(state: Pick<PlatformRunState, 'key' | 'predicate' | 'jobsFinishedAt'>): void {
    for (const command of this.#known.values()) {
      const further = command.repeats?.key === state.key ? withEnd(command.repeats, state) : undefined;
      if (!further) continue;
      command.repeats = further;
      this.#ended.add(command.id);
    }
  }

  /** Of commands settled before: how far what they repeat has come. */
  get ended(): { id: string; repeats: Repeats }[] {
    return [...this.#ended].map((id) => ({ id, repeats: this.#known.get(id)!.repeats! }));
  }

  get sent(): readonly NewCommand[] {
    return this.#sent;
  }

  get settled(): readonly Settlement[] {
    return [...this.#settled.values()];
  }

  /** Settled before, and only now known to have started the platform's run of this key. */
  get keyed(): { id: string; key: string }[] {
    return [...this.#keyed].filter(([id]) => !this.#settled.has(id)).map(([id, key]) => ({ id, key }));
  }
}
