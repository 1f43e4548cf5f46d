import { Injectable, Logger } from '@nestjs/common';
import { Held, NeverSent, NotReady, NotSent, Pace, Refused, SweepTaken, type SweepTurn } from '@stellwerk/connector-kit';
import type { At } from '../hooks/hooks.client.js';
import { askAgain } from './deliveries.client.js';
import { KEPT_MS, type DeliveryCursor } from './delivery-cursor.js';
import { DeliveryMetrics } from './delivery.metrics.js';
import { MOST_ASKS, waitAfterAskMs } from './judge-deliveries.js';
import { MissedRepository, type MissedCounts, type MissedDelivery, type SourceKey } from './missed.repository.js';

/** Calls at once, of all that a connection may have in flight. */
const AT_ONCE = 4;
const BATCH = 40;
/** So many may be on their way to us, or lost again: a door that is slow after an outage is not overrun, and few wear out in vain. */
const UNDER_WAY = 200;
/** 900 points a minute and endpoint, of which each costs five; a little less, as clocks differ. */
const GAP_MS = 340;
const FORGET_DAYS = 7;
const FORGET_BATCH = 1_000;
/** GitHub does not have it any more. */
const GONE: readonly number[] = [400, 404, 410, 422];

type Turn = SweepTurn<DeliveryCursor>;
type Work = { turn: Turn; at: At; cursor: Partial<DeliveryCursor>; key: SourceKey };

/** Has GitHub send again what did not arrive: not more than its limits allow, and each only a few times. */
@Injectable()
export class AskAgain {
  readonly #log = new Logger('deliveries');
  readonly #paces = new Map<string, Pace>();

  constructor(
    private readonly missed: MissedRepository,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /**
   * Asks for what is due until the turn is over; `tryOne`: for one, whichever, to see whether it arrives. @returns how many were asked for
   * @throws Refused 401, 403: the credentials may not ask; call errors, SweepTaken
   */
  async run(turn: Turn, at: At, cursor: Partial<DeliveryCursor>, { tryOne = false } = {}): Promise<number> {
    const work: Work = { turn, at, cursor, key: { connection: turn.connection.name, source: turn.source } };
    const most = tryOne ? 1 : Infinity;
    let asked = 0;
    for (let batch = -1; batch !== 0 && asked < most;) {
      const room = Math.max(0, UNDER_WAY - (await this.missed.underWay(work.key)));
      const due = await this.missed.due(work.key, { mostAsks: MOST_ASKS, limit: Math.min(BATCH, room, most - asked), any: tryOne });
      if (due.length > 0 && !(await turn.keep(cursor))) throw new SweepTaken();
      batch = await this.#all(work, due);
      asked += batch;
    }
    if (asked > 0) this.#log.log({ ...work.key, asked }, 'deliveries.asked-again');
    return asked;
  }

  /** Gives up what is hopeless, forgets what is old. @returns what is left to say */
  async settle(key: SourceKey): Promise<MissedCounts> {
    await this.missed.giveUpHopeless(key, MOST_ASKS, KEPT_MS);
    await this.missed.forget(FORGET_DAYS, FORGET_BATCH);
    const counts = await this.missed.counts(key);
    this.metrics.missed(key, counts);
    return counts;
  }

  async #all(work: Work, due: readonly MissedDelivery[]): Promise<number> {
    const waiting = [...due];
    let asked = 0;
    const worker = async (): Promise<void> => {
      while (waiting.length > 0 && (await this.#mayAsk(work))) {
        const next = waiting.shift();
        if (next) asked += await this.#ask(work, next);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    return asked;
  }

  /** Where the platform tells of a quota its other limits hold as well. */
  async #mayAsk({ turn, key }: Work): Promise<boolean> {
    if (!(await turn.pace.wait(turn))) return false;
    if (!turn.calls.quota) return true;
    const name = `${key.connection} ${key.source}`;
    const pace = this.#paces.get(name) ?? new Pace(() => GAP_MS);
    this.#paces.set(name, pace);
    return pace.wait(turn);
  }

  async #ask({ turn, at, cursor, key }: Work, { guid, deliveryId, asks }: MissedDelivery): Promise<number> {
    await this.missed.asking(key, guid, waitAfterAskMs(asks + 1));
    try {
      await askAgain(at, cursor.hook!.id, deliveryId);
      this.metrics.asked(turn.connection.name);
      return 1;
    } catch (error) {
      if (error instanceof Refused && GONE.includes(error.status)) {
        await this.missed.giveUp(key, guid, error.message);
        return 1;
      }
      // After anything else it may have been asked for.
      if ([Held, NotSent, NotReady, NeverSent, Refused].some((kind) => error instanceof kind)) await this.missed.notAsked(key, guid);
      throw error;
    }
  }
}
