import { Injectable } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';

/** What is watched of deliveries that failed. */
@Injectable()
export class DeliveryMetrics {
  readonly #missed;
  readonly #asked;
  readonly #back;
  readonly #listed;

  constructor(metrics: Metrics) {
    const name = (rest: string): string => `stellwerk_github_connector_${rest}`;
    this.#missed = metrics.gauge(name('missed_deliveries'), 'Webhooks that GitHub could not hand over: open, or given up in the last three days', ['connection', 'source', 'state']);
    this.#asked = metrics.counter(name('redeliveries_asked_total'), 'Deliveries that GitHub was asked to send again', ['connection']);
    this.#back = metrics.counter(name('redeliveries_arrived_total'), 'Deliveries that arrived after they were asked for', ['connection']);
    this.#listed = metrics.counter(name('deliveries_listed_total'), 'Missed deliveries whose events were told from lists of runs', ['connection']);
  }

  missed({ connection, source }: { connection: string; source: string }, { open, givenUp }: { open: number; givenUp: number }): void {
    this.#missed.set({ connection, source, state: 'open' }, open);
    this.#missed.set({ connection, source, state: 'given-up' }, givenUp);
  }

  asked(connection: string): void {
    this.#asked.inc({ connection });
  }

  back(connection: string, count: number): void {
    this.#back.inc({ connection }, count);
  }

  listed(connection: string, count: number): void {
    this.#listed.inc({ connection }, count);
  }
}
