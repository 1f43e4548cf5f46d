import { Inject, Injectable } from '@nestjs/common';
import { RetryableError, failpoint, messageOf } from '@stellwerk/service-kit';
import { Fenced, LaneBusy } from '../calls/call.errors.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { ActionRegistry } from './action-registry.js';
import { CarrierRepository } from './carrier.repository.js';
import type { SendOutcome } from './decide.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { CallOpener, pipelineOf, type OpenCall } from './open-call.js';
import { outcomeOfError, outcomeOfSent } from './send-outcome.js';

/** Sends one claimed dispatch to its platform and says how that ended; writes nothing but the mark "sent" before the call. */
@Injectable()
export class DispatchSender {
  constructor(
    private readonly opener: CallOpener,
    private readonly actions: ActionRegistry,
    private readonly dispatches: DispatchRepository,
    private readonly carriers: CarrierRepository,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** How long a dispatch of the connection is held, and how long its call may take. */
  limitsOf(connection: string): { leaseMs: number; timeoutMs: number } {
    const timeoutMs = this.opener.timeoutMs(connection);
    return { timeoutMs, leaseMs: timeoutMs * this.timing.leaseInTimeouts };
  }

  /** @returns undefined when the lease was lost: somebody else owns the dispatch */
  async send(dispatch: Dispatch): Promise<{ outcome: SendOutcome; open?: OpenCall } | undefined> {
    const progress = { marked: false, exclusive: true };
    let open: OpenCall | undefined;
    try {
      open = await this.opener.open(dispatch, () => this.#mark(dispatch, open!, progress));
      progress.exclusive = await open.action.exclusive(open.call);
      const sent = await open.action.send(open.call);
      failpoint('connector.after-send');
      if (sent.kind === 'carrier-refused') await this.#noteCarrier(open, sent.reason);
      return { outcome: outcomeOfSent(sent, new Date()), open };
    } catch (error) {
      if (error instanceof Fenced) return undefined;
      const outcome = outcomeOfError(error, progress.marked) ?? unexpected(error, progress.marked);
      return { outcome: outcome.kind === 'unknown' ? this.asOutcome(dispatch, outcome.reason) : outcome, open };
    }
  }

  /** It may have arrived: unknown, unless doing it twice does no harm. */
  asOutcome(dispatch: Dispatch, reason: string): SendOutcome {
    return { kind: this.actions.isRepeatable(dispatch.command.action) ? 'again' : 'unknown', reason };
  }

  async #mark(dispatch: Dispatch, { call }: OpenCall, progress: { marked: boolean; exclusive: boolean }): Promise<void> {
    const { leaseMs } = this.limitsOf(call.connection.name);
    const mark = await this.dispatches.markSent(dispatch, { exclusive: progress.exclusive, carrier: call.carrier, leaseMs });
    if (mark === 'busy') throw new LaneBusy();
    if (mark === 'fenced') throw new Fenced();
    progress.marked = true;
    failpoint('connector.before-send');
  }

  async #noteCarrier({ call, target }: OpenCall, reason: string): Promise<void> {
    await this.carriers.refuse(call.connection.name, pipelineOf(target), reason, this.timing.carrierNoteMs);
  }
}

/** An error nobody foresaw: harmless before the call, unknown after. Trouble with our own stores is not the platform's. */
const unexpected = (error: unknown, marked: boolean): SendOutcome => {
  if (error instanceof RetryableError) throw error;
  return marked ? { kind: 'unknown', reason: messageOf(error) } : { kind: 'again', reason: messageOf(error) };
};
