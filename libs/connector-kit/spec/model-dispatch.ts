import type { Command } from '@stellwerk/contracts';
import type { Looked, StartedRun } from '../src/adapter.js';
import { DispatchAdvancer } from '../src/dispatch/advance-dispatch.js';
import type { Decision, SendOutcome } from '../src/dispatch/decide.js';
import type { Claim, Dispatch } from '../src/dispatch/dispatch.types.js';
import type { Recorded } from '../src/dispatch/record-outcome.js';
import { triggerEvent } from '../src/dispatch/trigger-event.js';
import { TIMING } from '../src/timing.js';

/** How one send fares. `heard` is what its sender learns of it; `arrived` is what only the platform knows. */
export interface Fate {
  heard: 'run' | 'handle' | 'taken' | 'refused' | 'error' | 'again' | 'nothing' | 'dies';
  arrived: boolean;
  /** The sender stands still before it marks "sent", between that and its first byte, or while it waits for the answer, until it is told to go on. */
  pause?: 'before' | 'between' | 'after';
  /** How late the platform shows the new run in its lists. */
  lagMs: number;
}

export type Sight = 'true' | 'cannot';

const TIMEOUT_MS = 12_000;
const LEASE_MS = TIMEOUT_MS * TIMING.leaseInTimeouts;
/** How long after "sent" a call may begin. */
const SEND_WITHIN_MS = TIMEOUT_MS;
const CONNECTION = { name: 'c', platform: 'github', url: 'https://api.github.com', poll: { everyMs: 15_000 } };
const OPEN = { action: { follows: true }, target: {}, call: { connection: CONNECTION, carrier: true }, secrets: () => [] };
const READY = { open: OPEN, ticket: { touched: false }, exclusive: false, sent: () => undefined, release: () => undefined };
const COMMAND: Command = { run: 'r', flow: 'f', step: 's', purpose: 'run', n: 1, connection: 'c', platform: 'github', action: 'a', with: {}, await: true };

class Died extends Error {}

/** One command, its row, its platform and any number of senders, under a clock that only the model moves. */
export class ModelDispatch {
  now = Date.UTC(2026, 10, 24, 9);
  readonly row: Dispatch & { nextAt: number | null; leaseUntil: number };
  /** Runs at the platform, with the moment from which its lists show them. */
  readonly runs: { run: StartedRun; shownAt: number }[] = [];
  readonly told: string[] = [];
  /** Sends that may have started something. */
  sends = 0;
  fate: Fate = { heard: 'run', arrived: true, lagMs: 0 };
  sight: Sight = 'true';
  readonly #paused: (() => void)[] = [];
  readonly #advancer: DispatchAdvancer;

  constructor() {
    const createdAt = new Date(this.now);
    this.row = { commandId: 'r:s:run:1', connection: 'c', lane: 'l', state: 'PENDING', attempt: 0, fence: '0', carrier: true, looks: 0, trace: {}, createdAt, command: COMMAND, nextAt: this.now, leaseUntil: 0 };
    const sender = {
      limitsOf: () => ({ leaseMs: LEASE_MS, timeoutMs: TIMEOUT_MS, sendWithinMs: SEND_WITHIN_MS }),
      send: (dispatch: Dispatch) => this.#send(dispatch), learn: async () => undefined,
      outcomeOf: (error: unknown) => { throw error; }, asOutcome: (_: Dispatch, reason: string): SendOutcome => ({ kind: 'unknown', reason }),
    };
    const lookUp = { look: async () => ({ looked: this.#look(), open: OPEN }) };
    const recorder = { record: async (dispatch: Dispatch, decision: Decision) => this.#record(dispatch, decision) };
    const time = { now: () => new Date(this.now), there: (at: Date) => at };
    const parts: unknown[] = [{ prepare: async () => READY }, sender, lookUp, recorder, time, TIMING];
    this.#advancer = new DispatchAdvancer(...(parts as ConstructorParameters<typeof DispatchAdvancer>));
  }

  get isDue(): boolean {
    return this.row.nextAt !== null && this.row.nextAt <= this.now && this.row.leaseUntil <= this.now;
  }

  /** A sender takes it up, if it is due; what becomes of it is `fate` or `sight`. Resolves when it is done, dead or standing still. */
  async advance(): Promise<void> {
    const claim = this.#claim();
    if (!claim) return;
    const work = this.#advancer.advance(claim).then(() => undefined, (error: unknown) => { if (!(error instanceof Died)) throw error; });
    const waits = this.#paused.length;
    await Promise.race([work, this.#until(() => this.#paused.length > waits)]);
  }

  /** The sender that stands still longest goes on. */
  async resume(): Promise<void> {
    this.#paused.shift()?.();
    await this.#settled();
  }

  async #settled(): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  }

  async #until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 100 && !condition(); turn += 1) await Promise.resolve();
  }

  // As the SQL of the repository has it.
  #claim(): Claim | undefined {
    if (!this.isDue) return undefined;
    const was = this.row.state;
    this.row.fence = String(Number(this.row.fence) + 1);
    this.row.leaseUntil = this.row.nextAt = this.now + LEASE_MS;
    if (was === 'PENDING') Object.assign(this.row, { state: 'DISPATCHING', attempt: this.row.attempt + 1, sentAt: undefined });
    return { dispatch: { ...this.row }, was, at: new Date(this.now) };
  }

  #mark(dispatch: Dispatch): boolean {
    if (this.row.fence !== dispatch.fence || this.row.state !== 'DISPATCHING' || this.row.leaseUntil <= this.now) return false;
    Object.assign(this.row, { sentAt: new Date(this.now), firstSentAt: this.row.firstSentAt ?? new Date(this.now), leaseUntil: this.now + LEASE_MS, nextAt: this.now + LEASE_MS });
    return true;
  }

  async #send(dispatch: Dispatch): Promise<SendOutcome | undefined> {
    const fate = { ...this.fate };
    if (fate.pause === 'before') await this.#stand();
    if (!this.#mark(dispatch)) return undefined;
    const markedAt = this.now;
    if (fate.pause === 'between') await this.#stand();
    if (this.now - markedAt >= SEND_WITHIN_MS) return { kind: 'again', reason: 'held up too long before the first byte' };
    const run = { id: String(this.runs.length + 1), attempt: 1, repository: 'acme/shop' };
    if (fate.arrived) this.runs.push({ run, shownAt: this.now + fate.lagMs });
    this.sends += 1;
    if (fate.heard === 'dies') throw new Died();
    if (fate.pause === 'after') await this.#stand();
    return outcomeOf(fate, run);
  }

  #stand(): Promise<void> {
    return new Promise((resolve) => { this.#paused.push(resolve); });
  }

  #look(): Looked {
    if (this.sight === 'cannot') return { kind: 'cannot', reason: 'the platform does not answer' };
    const shown = this.runs.find(({ shownAt }) => shownAt <= this.now);
    if (shown) return { kind: 'found', run: shown.run };
    return this.row.handle === undefined ? { kind: 'absent' } : { kind: 'waiting' };
  }

  #record(dispatch: Dispatch, { change, event }: Decision): Recorded {
    if (this.row.fence !== dispatch.fence) return 'fenced';
    const { nextAt, ...more } = change;
    for (const [key, value] of Object.entries(more)) if (value !== undefined) Object.assign(this.row, { [key]: value ?? undefined });
    Object.assign(this.row, { nextAt: nextAt === null ? null : nextAt.getTime(), leaseUntil: 0 });
    if (event) {
      this.told.push(event.type);
      this.row.outcome = triggerEvent(event.type, dispatch, event.outcome, new Date(this.now));
    }
    return 'written';
  }
}

const outcomeOf = ({ heard }: Fate, run: StartedRun): SendOutcome => {
  switch (heard) {
    case 'run': return { kind: 'accepted', run };
    case 'handle': return { kind: 'accepted', handle: `item-${run.id}` };
    case 'taken': return { kind: 'accepted' };
    case 'refused': case 'error': case 'again': return { kind: heard, reason: heard };
    default: return { kind: 'unknown', reason: 'no answer' };
  }
};
