import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { failpoint, inSpan, messageOf, Metrics, SpanKind } from '@stellwerk/service-kit';
import { NotifierConfig } from '../notifier.config.js';
import { DeliveriesRepository, SETTLING_MS, type ClaimedDelivery } from './deliveries.repository.js';
import { Send } from './send.js';
import type { Verdict } from './verdict.js';

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
    private readonly deliveries: DeliveriesRepository,
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
      for (const { id, run, channel, state } of await this.deliveries.release(this.send.repeatable())) {
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
        const claim = await this.deliveries.claim(this.send.takeLate());
        if (!claim) return;
        this.poke();
        if (claim.place === 'send') await this.deliver(claim.delivery);
        else if (claim.place === 'superseded') this.superseded(claim.delivery);
      }
    } catch (error) {
      this.log.error({ reason: messageOf(error) }, 'courier.failed');
    }
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const { id, run, flow, channel, notice, attempt, trace } = delivery;
    const attributes = { 'stellwerk.channel': channel, 'stellwerk.run': run, 'stellwerk.flow': flow };
    const verdict = await inSpan(`notify ${channel}`, { kind: SpanKind.INTERNAL, parent: trace, attributes }, async (span) => {
      failpoint('notifier.before-send');
      const result = await this.send.run(delivery, new Date());
      span.setAttribute('stellwerk.outcome', result.end);
      return result;
    });
    failpoint('notifier.after-send');
    const counted = await this.settle(delivery, verdict);
    this.delivered.inc({ kind: this.send.typeOf(channel), outcome: verdict.end });
    const said = { outcome: verdict.end, delivery: id, run, flow, channel, word: notice.word, attempt, counted, ...('reason' in verdict && { reason: verdict.reason }) };
    if (verdict.end === 'dead' || verdict.end === 'unknown') this.log.error(said, 'delivery.tried');
    else this.log.log(said, 'delivery.tried');
  }

  private superseded({ id, run, channel }: { id: string; run: string; channel: string }): void {
    this.delivered.inc({ kind: this.send.typeOf(channel), outcome: 'superseded' });
    this.log.log({ delivery: id, run, channel }, 'delivery.superseded');
  }

  private async settle(delivery: ClaimedDelivery, verdict: Verdict): Promise<boolean> {
    if (verdict.end === 'again' && verdict.gate) await this.deliveries.gate(delivery.channel, verdict.waitMs);
    return this.deliveries.settle(delivery, verdict);
  }
}
