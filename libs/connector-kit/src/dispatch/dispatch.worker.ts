import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf } from '@stellwerk/service-kit';
import { Loop } from '../loop.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { DispatchAdvancer, type Step } from './advance-dispatch.js';
import { Agenda } from './agenda.js';
import type { Claim, Dispatch } from './dispatch.types.js';
import { LanesRepository } from './lanes.repository.js';
import type { Prepared } from './prepare-send.js';
import { ClaimTaker } from './take-claims.js';

/** Dispatches one replica moves at a time from its sweep; the platform's own limit is the connection's semaphore. */
const PARALLEL = 32;

/** Sends what has just come, and takes up what is due in the connector's own table: parked, unknown, queued, or left behind by a process that died. */
@Injectable()
export class DispatchWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(DispatchWorker.name);
  readonly #loop = new Loop('sweep.failed', () => this.#sweep());
  readonly #busy = new Map<string, Promise<void>>();
  /** More was due than could be taken. */
  #hungry = false;

  constructor(
    private readonly claims: ClaimTaker,
    private readonly lanes: LanesRepository,
    private readonly advancer: DispatchAdvancer,
    private readonly agenda: Agenda,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  onApplicationBootstrap(): void {
    this.agenda.onDue((at) => this.#loop.by(at));
    this.#loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#loop.stop();
    await Promise.all(this.#busy.values());
  }

  /** Time limits of dispatches of a connection. */
  limitsOf(connection: string): { leaseMs: number; sendWithinMs: number } {
    return this.advancer.limitsOf(connection);
  }

  /** Sends a dispatch that has just entered the table, and wakes who waited for its lane. */
  async send(dispatch: Dispatch, ready: Prepared): Promise<void> {
    await this.wakeBehind(await this.advancer.send(dispatch, ready));
  }

  /** After a step that touched a lane: the next of ours that waits for it, in the background. */
  async wakeBehind({ lane }: Pick<Step, 'lane'>): Promise<void> {
    if (lane === undefined || this.#loop.stopped || !this.agenda.isAwaited(lane)) return;
    const due = await this.lanes.wake(lane);
    if (due) this.#takeAll(await this.claims.named(due.commandId));
    else if (await this.lanes.isEmpty(lane)) this.agenda.forget(lane);
  }

  async #sweep(): Promise<number> {
    const { claims, more } = await this.claims.due(PARALLEL - this.#busy.size);
    this.#hungry = more;
    this.#takeAll(claims);
    return this.timing.sweepMs;
  }

  #takeAll(claims: readonly Claim[]): void {
    for (const claim of claims) this.#take(claim);
  }

  #take(claim: Claim): void {
    const { commandId } = claim.dispatch;
    const work = this.advancer.advance(claim)
      .then((step) => this.wakeBehind(step))
      .catch((error: unknown) => this.#log.warn({ err: error, command: commandId, reason: messageOf(error) }, 'dispatch.failed'))
      .finally(() => {
        this.#busy.delete(commandId);
        if (this.#hungry) this.#loop.soon();
      });
    this.#busy.set(commandId, work);
  }
}
