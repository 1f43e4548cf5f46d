import { Injectable, Logger } from '@nestjs/common';
import { OutboxRelay, isUniqueViolation } from '@stellwerk/database';
import { GroupedWork, RetryableError, StoreAwayError, backoff, failpoint, messageOf, sleep, togetherOrApart } from '@stellwerk/service-kit';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { Agenda } from './agenda.js';
import { DatabaseTime } from './database-time.js';
import type { Decision } from './decide.js';
import type { Dispatch } from './dispatch.types.js';
import { OutcomesRepository, type Outcome } from './outcomes.repository.js';

const MOST_AT_ONCE = 64;
/** The database may be away for a moment while we hold what the platform has answered; a dispatch's lease outlasts this. */
const TRIES = 8;
const AWAY = { baseMs: 250, factor: 2, maxMs: 4_000 };

export type Recorded = 'written' | 'fenced' | 'run-taken';

interface Written {
  recorded: Recorded;
  /** Settles when the events of the group are with the broker. */
  published: Promise<void>;
}

/** Writes decisions, those of one moment together; then publishes what they tell. */
@Injectable()
export class OutcomeRecorder {
  readonly #log = new Logger(OutcomeRecorder.name);
  readonly #group: GroupedWork<Outcome, Written>;

  constructor(
    private readonly outcomes: OutcomesRepository,
    private readonly relay: OutboxRelay,
    private readonly agenda: Agenda,
    private readonly time: DatabaseTime,
    private readonly metrics: ConnectorMetrics,
  ) {
    this.#group = new GroupedWork(togetherOrApart((some: readonly Outcome[]) => this.#write(some), isUniqueViolation), { max: MOST_AT_ONCE, atOnce: 2 });
  }

  async record(dispatch: Dispatch, decision: Decision): Promise<Recorded> {
    const { recorded, published } = await this.#patiently({ dispatch, decision });
    this.metrics.step(recorded, decision.change.state);
    if (recorded === 'written') this.#note(dispatch, decision);
    await published;
    return recorded;
  }

  async #patiently(outcome: Outcome): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#group.run(outcome);
      } catch (error) {
        if (isUniqueViolation(error)) return { recorded: 'run-taken', published: Promise.resolve() };
        if (!(error instanceof StoreAwayError) || attempt === TRIES) throw error;
        await sleep(AWAY.baseMs + backoff({ attempt, ...AWAY }));
      }
    }
  }

  async #write(some: readonly Outcome[]): Promise<Written[]> {
    const { written, enqueued } = await this.outcomes.write(some);
    failpoint('connector.after-outcome');
    const published = this.relay.publish(enqueued).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
      this.#log.warn({ reason: messageOf(error) }, 'outcome.published-later'); // The rows stay, and the relay's sweep takes them up.
    });
    return some.map(({ dispatch }) => ({ recorded: written.has(dispatch.commandId) ? 'written' : 'fenced', published }));
  }

  #note({ lane }: Dispatch, { change: { nextAt, laneWait } }: Decision): void {
    if (laneWait) this.agenda.waitsFor(lane);
    if (nextAt) this.agenda.due(this.time.here(nextAt));
  }
}
