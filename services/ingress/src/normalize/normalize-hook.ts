import { Injectable, Logger } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { HEADERS, cloudEvent, subjects } from '@stellwerk/contracts';
import type { Connection } from '@stellwerk/flows';
import { Publisher, eventMessage, type ReceivedMessage } from '@stellwerk/messaging';
import { hookPlatforms, type HookContext, type TranslatedEvent, type Translation } from '@stellwerk/platforms';
import { PermanentError, RetryableError } from '@stellwerk/service-kit';
import { IngressMetrics } from '../ingress.metrics.js';
import { BodiesRepository } from '../spool/bodies.repository.js';
import { LargeBodies } from '../spool/large-bodies.js';
import { connectionNameOf, contextOf, readStored, renamedBy, replaySuffix } from './stored-hook.js';

/** Deliveries a hook waits for its connection to be known here, and the least time between two: ten seconds or a little more. */
const RELOAD = { deliveries: 5, retryAfterMs: 1_500 };

/** How large a kept body is shows only when it is here. */
const ANY_SIZE = 26 * 1_024 ** 2;
/** Within a handler's time. */
const WAIT_FOR_ROOM_MS = 10_000;

const renamed = (event: TranslatedEvent, name: (id: string) => string): TranslatedEvent => ({ ...event, id: name(event.id), fact: name(event.fact) });

/** Turns what a platform said into what happened. */
@Injectable()
export class NormalizeHook {
  readonly #log = new Logger('normalize');

  constructor(
    private readonly resources: Resources,
    private readonly bodies: BodiesRepository,
    private readonly publisher: Publisher,
    private readonly metrics: IngressMetrics,
    private readonly large: LargeBodies,
  ) {}

  /** Throws PermanentError for a hook nobody can read, now or later: it goes to the dead letters. */
  async run(message: ReceivedMessage): Promise<void> {
    const connection = this.#connectionOf(message);
    const context = contextOf(message, connection);
    const { events, ignored } = await this.#translate(message, context);
    await Promise.all(events.map((event) => this.#publish(renamed(event, renamedBy(message)), context, replaySuffix(message))));
    if (ignored) this.metrics.ignored.inc({ platform: connection.platform, reason: ignored });
    this.#log.log({ hook: context.hookId, connection: connection.name, events: events.map(({ type }) => type), ignored }, 'hook.normalized');
  }

  #connectionOf({ subject, deliveries }: ReceivedMessage): Connection {
    const name = connectionNameOf(subject);
    const connection = this.resources.current().connections[name];
    if (connection) return connection;
    // Another replica may have taken it under a newer configuration, which reaches this one within seconds.
    if (deliveries <= RELOAD.deliveries) throw new RetryableError(`there is no connection ${name} yet`, RELOAD);
    throw new PermanentError(`there is no connection ${name} any more`);
  }

  async #translate(message: ReceivedMessage, context: HookContext): Promise<Translation> {
    const reference = message.headers[HEADERS.bodyReference];
    if (reference === undefined) return translate(readStored(message.body, context), context);
    const leave = await this.large.place(ANY_SIZE, WAIT_FOR_ROOM_MS);
    if (!leave) throw new RetryableError('too many large hooks at once');
    try {
      return translate(readStored(await this.#keptBody(reference), context), context);
    } finally {
      leave();
    }
  }

  async #keptBody(reference: string): Promise<Buffer> {
    const kept = await this.bodies.find(reference);
    if (!kept) throw new PermanentError(`the body of ${reference} is not kept any more`);
    return kept;
  }

  async #publish(event: TranslatedEvent, context: HookContext, suffix: string): Promise<void> {
    const { platform, hookId } = context;
    const told = cloudEvent({
      id: event.id,
      source: `/connections/${context.connection}`,
      type: event.type,
      subject: event.subject,
      time: new Date(event.data.occurredAt),
      correlationId: hookId,
      causationId: hookId,
      fact: event.fact,
      data: event.data,
    });
    const message = eventMessage(subjects.event(platform, event.type), told);
    await this.publisher.publish({ ...message, id: `${message.id}${suffix}` });
    this.metrics.events.inc({ platform, type: event.type });
  }
}

const translate = (body: unknown, context: HookContext): Translation => {
  const platform = hookPlatforms[context.platform];
  if (!platform) throw new PermanentError(`${context.platform} sends no hooks`);
  try {
    return platform.translate(body, context);
  } catch (error) {
    if (error instanceof TypeError) throw new PermanentError(error.message, { cause: error });
    throw error;
  }
};
