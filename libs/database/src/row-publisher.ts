import { Logger } from '@nestjs/common';
import { GroupedWork, InOrder, PermanentError } from '@stellwerk/service-kit';
import type { OutboxMessage, OutboxRow } from './outbox.js';
import type { OutboxRepository } from './outbox.repository.js';

export type PublishOutbox = (message: OutboxMessage) => Promise<unknown>;

/** What is to be told in place of a message that no broker takes. */
export type Substitute = (message: OutboxMessage, reason: string) => readonly OutboxMessage[];

/**
 * A dead relay's rows wait this long: with the sweep after it, less than the 5 s in which a webhook is forwarded. A publish
 * that takes longer is done twice, under one id.
 */
export const LEASE_MS = 3_500;
const BATCH_MS = 2_000;
const DELETIONS_AT_ONCE = 1_000;

/** Order means something within a stream only. */
const chainOf = ({ key, subject }: OutboxRow): string => `${key} ${subject.split('.', 1)[0]}`;

/** Publishes rows on which this relay has the lease: in order within a key, different keys at once. */
export class RowPublisher {
  readonly #log = new Logger('outbox');
  readonly #order = new InOrder();
  /** Keys of which a row could not be published, and until when what follows it may not overtake it from here. */
  readonly #stopped = new Map<string, number>();
  readonly #deletions = new GroupedWork<readonly string[], void>(async (groups) => {
    await this.repository.published(groups.flat());
    return groups.map(() => ({ status: 'fulfilled', value: undefined }));
  }, { max: DELETIONS_AT_ONCE });

  constructor(
    private readonly repository: OutboxRepository,
    private readonly publish: PublishOutbox,
    private readonly substitute: Substitute,
  ) {}

  /** Throws what a publish threw, when what the broker has is deleted and the rest given back. */
  async run(rows: readonly OutboxRow[]): Promise<void> {
    const until = Date.now() + BATCH_MS;
    const results = await Promise.allSettled(rows.map((row) => this.#order.run(chainOf(row), () => this.#one(row, until))));
    const rowsWith = (outcome: string): string[] => rows.filter((_, at) => outcomeOf(results[at]!) === outcome).map(({ row }) => row);
    await Promise.all([this.#delete(rowsWith('published')), this.repository.release(rowsWith('left'))]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** For rows taken up from the table: nothing of their keys is before them. */
  async resume(rows: readonly OutboxRow[]): Promise<void> {
    for (const { key } of rows) this.#stopped.delete(key);
    await this.run(rows);
  }

  async #one(row: OutboxRow, until: number): Promise<'published' | 'left' | 'refused'> {
    const now = Date.now();
    if (now > until || now < (this.#stopped.get(row.key) ?? 0)) return 'left';
    try {
      await this.publish(messageOf(row));
      return 'published';
    } catch (error) {
      if (error instanceof PermanentError) return await this.#refuse(row, error.message);
      this.#stop(row.key, now);
      throw error;
    }
  }

  async #refuse(row: OutboxRow, reason: string): Promise<'refused'> {
    this.#log.error({ messageId: row.id, subject: row.subject, reason }, 'outbox.refused');
    await this.repository.refused(row.row, reason, this.substitute(messageOf(row), reason));
    return 'refused';
  }

  #stop(key: string, now: number): void {
    for (const [other, until] of this.#stopped) if (until < now) this.#stopped.delete(other);
    this.#stopped.set(key, now + LEASE_MS);
  }

  async #delete(rows: readonly string[]): Promise<void> {
    if (rows.length > 0) await this.#deletions.run(rows);
  }
}

const outcomeOf = (result: PromiseSettledResult<string>): string => (result.status === 'fulfilled' ? result.value : 'left');

const messageOf = ({ id, subject, body, headers, trace }: OutboxRow): OutboxMessage => ({ id, subject, body, headers, ...(trace && { trace }) });
