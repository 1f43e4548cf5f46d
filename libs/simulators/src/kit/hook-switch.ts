import type { Timers } from './timers.js';

/** How webhooks get lost or mixed up on their way. Counts: 0 = until cleared. */
export interface HookFaults {
  /** Only hooks whose event or `about` contains this text. */
  match?: string;
  drop?: number;
  duplicate?: number;
  /** So many are held back and then leave in reverse order, at the latest after `withinMs`. */
  reorder?: number;
  withinMs?: number;
  /** So many leave later by `delayMs`. */
  delay?: number;
  delayMs?: number;
}

interface Held {
  limit: number;
  sends: (() => void)[];
}

const REORDER_WITHIN_MILLISECONDS = 1000;

/** Decides for each hook whether it leaves, when and how often. */
export class HookSwitch {
  private faults: HookFaults = {};
  private held: Held | undefined;

  constructor(private readonly timers: Timers) {}

  set(faults: HookFaults): void {
    this.faults = { ...faults };
  }

  clear(): void {
    this.faults = {};
    this.release();
  }

  current(): HookFaults {
    return { ...this.faults };
  }

  /** False when the hook shall not leave at all. */
  dispatch(hook: { event: string; about: string }, send: () => void): boolean {
    if (this.faults.match !== undefined && !`${hook.event} ${hook.about}`.includes(this.faults.match)) {
      send();
      return true;
    }
    if (this.count('drop')) return false;
    if (this.count('delay')) this.timers.after(this.faults.delayMs ?? 1000, send);
    else if (this.faults.reorder !== undefined || this.held) this.hold(send);
    else send();
    if (this.count('duplicate')) send();
    return true;
  }

  /** Takes one of a counted fault; the last one switches it off. */
  private count(name: 'drop' | 'duplicate' | 'delay'): boolean {
    const left = this.faults[name];
    if (left === undefined) return false;
    if (left === 1) delete this.faults[name];
    else if (left > 1) this.faults[name] = left - 1;
    return true;
  }

  private hold(send: () => void): void {
    if (!this.held) {
      this.held = { limit: this.faults.reorder!, sends: [] };
      delete this.faults.reorder;
      this.timers.after(this.faults.withinMs ?? REORDER_WITHIN_MILLISECONDS, () => this.release());
    }
    this.held.sends.push(send);
    if (this.held.sends.length === this.held.limit) this.release();
  }

  private release(): void {
    const held = this.held;
    this.held = undefined;
    for (const send of held?.sends.reverse() ?? []) send();
  }
}
