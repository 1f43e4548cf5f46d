import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { SweepTaken, type SweepTurn } from '@stellwerk/connector-kit';
import { wantedEvents } from '@stellwerk/flows';
import { mayTellGithub } from '@stellwerk/platforms';
import type { At } from '../hooks/hooks.client.js';
import { readDeliveries, type Delivery } from './deliveries.client.js';
import { afterReading, nextReading, type DeliveryCursor } from './delivery-cursor.js';
import { DeliveryMetrics } from './delivery.metrics.js';
import { judgeDeliveries } from './judge-deliveries.js';
import { MissedRepository } from './missed.repository.js';

type Cursor = Partial<DeliveryCursor>;

interface Page {
  deliveries: Delivery[];
  next?: string;
}

export interface Read {
  cursor: Cursor;
  /** The newest delivery of all; undefined: there is none. */
  newest?: Delivery;
  /** Read down to where the last reading began. */
  whole: boolean;
}

/** Reads the log of a webhook from its newest delivery to where it was read before; in several turns when it is long. */
@Injectable()
export class ReadDeliveries {
  constructor(
    private readonly missed: MissedRepository,
    private readonly metrics: DeliveryMetrics,
    private readonly resources: Resources,
  ) {}

  /** @throws Refused, call errors, SweepTaken */
  async run(turn: SweepTurn<DeliveryCursor>, at: At, cursor: Cursor): Promise<Read> {
    const enter = this.#entering(turn);
    const head = await this.#page(turn, at, cursor);
    if (!head) return { cursor, whole: false };
    await enter(head);
    const newest = head.deliveries[0];
    const read = cursor.reading
      ? await this.#down(turn, at, { cursor, page: { deliveries: [], next: cursor.reading.page }, enter })
      : await this.#down(turn, at, { cursor: this.#begun(cursor, newest), page: head, enter });
    return { ...read, newest };
  }

  #begun(cursor: Cursor, newest: Delivery | undefined): Cursor {
    const { from, deep } = nextReading(cursor, new Date());
    return { ...cursor, reading: { page: '', from: from.toISOString(), top: newest?.deliveredAt.toISOString() ?? '', deep } };
  }

  async #down(turn: SweepTurn<DeliveryCursor>, at: At, start: { cursor: Cursor; page: Page; enter: (page: Page) => Promise<void> }): Promise<{ cursor: Cursor; whole: boolean }> {
    let { cursor, page } = start;
    const { from, top, deep } = cursor.reading!;
    while (page.next !== undefined && !isPast(page, from)) {
      cursor = { ...cursor, reading: { page: page.next, from, top, deep } };
      const next = await this.#page(turn, at, cursor, page.next);
      if (!next) return { cursor, whole: false };
      await start.enter(next);
      page = next;
    }
    return { cursor: afterReading(cursor, { top: top || undefined, deep }, new Date()), whole: true };
  }

  /** What was read is entered before the cursor moves on: read twice does no harm. @returns undefined when the turn is over */
  async #page(turn: SweepTurn<DeliveryCursor>, at: At, cursor: Cursor, page?: string): Promise<Page | undefined> {
    if (!(await turn.keep(cursor))) throw new SweepTaken();
    return (await turn.pace.wait(turn)) ? readDeliveries(at, cursor.hook!.id, page) : undefined;
  }

  #entering({ connection, source }: SweepTurn<DeliveryCursor>): (page: Page) => Promise<void> {
    const wanted = wantedEvents(this.resources.current().flows, connection.name);
    return async ({ deliveries }) => {
      const key = { connection: connection.name, source };
      const back = await this.missed.enter(key, judgeDeliveries(deliveries), ({ event, action }) => mayTellGithub(wanted, event, action));
      this.metrics.back(connection.name, back);
    };
  }
}

const isPast = ({ deliveries }: Page, from: string): boolean => {
  const last = deliveries.at(-1);
  return last !== undefined && last.deliveredAt.getTime() < Date.parse(from);
};
