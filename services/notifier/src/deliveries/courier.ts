import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { failpoint, failpointForMany, inSpan, messageOf, Metrics, SpanKind } from '@stellwerk/service-kit';
import { NotifierConfig } from '../notifier.config.js';
import { Claims } from './claims.js';
import { SETTLING_MS } from './deliveries.repository.js';
import type { ClaimedDelivery } from './due.repository.js';
import { Send } from './send.js';
import { Settlement } from './settlement.js';

const SWEEP_MS = 1_000;

/** Carries out what is due: at once when poked, else once a second. */
@Injectable()
export class Courier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Courier.name);
  private readonly delivered;
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly config: NotifierConfig,
    private readonly claims: Claims,
    private readonly settlement: Settlement,
    private readonly send: Send,
    metrics: Metrics,
  ) {
    this.delivered = metrics.counter('stellwerk_notifier_sends_total', 'Tries to send a message, by kind of channel and what became of it', ['kind', 'outcome']);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await Promise.all(this.running);
  }

  /** After new messages: when they are due. */
  pokeSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.poke();
    }, SETTLING_MS + 10);
  }

  /** Begins with what is due, if there is a free hand; each that finds something calls the next. */
  poke(): void {
    if (this.stopped || this.running.size >= this.config.concurrency) return;
    const work: Promise<void> = this.work().finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async sweep(): Promise<void> {
    try {
      for (const { id, run, channel, state } of await this.claims.release(this.send.abilities())) {
        this.delivered.inc({ kind: this.send.typeOf(channel), outcome: state === 'pending' ? 'again' : 'unknown' });
        this.log.warn({ delivery: id, run, channel, state, detail: 'its process ended while sending' }, 'delivery.abandoned');
      }
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'sweep.failed');
    }
    this.poke();
  }

  /** One hand: delivery after delivery, until none is due. */
  private async work(): Promise<void> {
    try {
      while (!this.stopped) {
        const claim = await this.claims.claim(this.send.abilities());
        if (!claim) return;
        this.poke();
        if (claim.place === 'send') await this.deliver(claim.delivery);
        else if (claim.place === 'page') failpoint('notifier.after-page');
        else if (claim.place !== 'wait') this.unsaid(claim.place, claim.delivery);
      }
    } catch (error) {
      this.log.error({ reason: messageOf(error) }, 'courier.failed');
    }
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const { id, run, flow, channel, notice, attempt, trace } = delivery;
    const attributes = { 'stellwerk.channel': channel, 'stellwerk.run': run, 'stellwerk.flow': flow };
    const verdict = await inSpan(`notify ${channel}`, { kind: SpanKind.INTERNAL, parent: trace, attributes }, async (span) => {
      await failpointForMany('notifier.before-send');
      const result = await this.send.run(delivery, new Date());
      span.setAttribute('stellwerk.outcome', result.end);
      return result;
    });
    await failpointForMany('notifier.after-send');
    const counted = await this.settlement.settle(delivery, verdict);
    this.delivered.inc({ kind: this.send.typeOf(channel), outcome: verdict.end });
    const said = { outcome: verdict.end, delivery: id, run, flow, channel, word: notice.word, attempt, counted, ...('reason' in verdict && { reason: verdict.reason }) };
    if (verdict.end === 'dead' || verdict.end === 'unknown') this.log.error(said, 'delivery.tried');
    else this.log.log(said, 'delivery.tried');
  }

  private unsaid(outcome: 'superseded' | 'counted', { id, run, channel }: { id: string; run: string; channel: string }): void {
    this.delivered.inc({ kind: this.send.typeOf(channel), outcome });
    this.log.log({ delivery: id, run, channel }, outcome === 'counted' ? 'delivery.counted' : 'delivery.superseded');
  }
}
