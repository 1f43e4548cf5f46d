import { Inject, Injectable, Logger } from '@nestjs/common';
import { RetryableError, failpointForMany, messageOf } from '@stellwerk/service-kit';
import { Fenced } from '../calls/call.errors.js';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { ActionRegistry } from './action-registry.js';
import { CarrierRepository } from './carrier.repository.js';
import type { SendOutcome } from './decide.js';
import type { Dispatch } from './dispatch.types.js';
import { moment } from './moment.js';
import { CallOpener, pipelineOf, type OpenCall } from './open-call.js';
import { SendMarks } from './send-marks.js';
import { outcomeOfError, outcomeOfSent } from './send-outcome.js';
import { SendTicket } from './send-ticket.js';

/** An action put together with the right to send it. */
export interface ReadySend {
  open: OpenCall;
  ticket: SendTicket;
}

/** Sends one dispatch to its platform and says how that ended; writes nothing but the mark "sent" before the call. */
@Injectable()
export class DispatchSender {
  readonly #log = new Logger(DispatchSender.name);

  constructor(
    private readonly opener: CallOpener,
    private readonly actions: ActionRegistry,
    private readonly marks: SendMarks,
    private readonly carriers: CarrierRepository,
    private readonly metrics: ConnectorMetrics,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  /** How long a dispatch of the connection is held, how long its call may take, and how long after "sent" it may begin. */
  limitsOf(connection: string): { leaseMs: number; timeoutMs: number; sendWithinMs: number } {
    const timeoutMs = this.opener.timeoutMs(connection);
    return { timeoutMs, leaseMs: timeoutMs * this.timing.leaseInTimeouts, sendWithinMs: timeoutMs };
  }

  /** A ticket; without `grant` its first use commits "sent" for the dispatch of `of`. */
  ticketFor(of: () => { dispatch: Dispatch; carrier: boolean; exclusive: boolean }): SendTicket {
    const mark = async (ticket: SendTicket): Promise<void> => {
      const { dispatch, carrier, exclusive } = of();
      const { leaseMs, sendWithinMs } = this.limitsOf(dispatch.connection);
      const since = moment();
      await this.marks.mark({ dispatch, carrier, leaseMs }, { exclusive });
      ticket.grant(since, sendWithinMs);
    };
    return new SendTicket(mark, () => this.metrics.fenced('withheld'));
  }

  /** @returns undefined when the lease was lost: somebody else owns the dispatch */
  async send(dispatch: Dispatch, { open, ticket }: ReadySend): Promise<SendOutcome | undefined> {
    try {
      const sent = await open.action.send(open.call);
      await failpointForMany('connector.after-send');
      if (sent.kind === 'carrier-refused') await this.carriers.refuse(dispatch.connection, pipelineOf(open.target), sent.reason, this.timing.carrierNoteMs);
      return outcomeOfSent(sent);
    } catch (error) {
      return this.outcomeOf(error, dispatch, ticket.touched);
    }
  }

  /** How a send ended that threw; undefined when the lease was lost. Trouble with our own stores before the call is thrown on. */
  outcomeOf(error: unknown, dispatch: Dispatch, touched: boolean): SendOutcome | undefined {
    if (error instanceof Fenced) return undefined;
    const outcome = outcomeOfError(error, touched, new Date()) ?? unexpected(error, touched);
    return outcome.kind === 'unknown' ? this.asOutcome(dispatch, outcome.reason, outcome.at) : outcome;
  }

  /** It may have arrived: unknown, unless doing it twice does no harm. */
  asOutcome(dispatch: Dispatch, reason: string, at?: Date): SendOutcome {
    return { kind: this.actions.isRepeatable(dispatch.command) ? 'again' : 'unknown', reason, at };
  }

  /** What makes the next ones go faster; never in their way. */
  async learn({ open }: ReadySend, outcome: SendOutcome): Promise<void> {
    if (outcome.kind !== 'accepted' || !outcome.run || !open.action.learn) return;
    await open.action.learn(open.call, outcome.run).catch((error: unknown) => this.#log.debug({ reason: messageOf(error) }, 'learn.failed'));
  }
}

/** An error nobody foresaw: harmless before the call, unknown after. */
const unexpected = (error: unknown, touched: boolean): SendOutcome => {
  if (error instanceof RetryableError && !touched) throw error;
  return touched ? { kind: 'unknown', reason: messageOf(error) } : { kind: 'again', reason: messageOf(error) };
};
