import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { HEADERS, shortType, type CloudEvent } from '@stellwerk/contracts';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { SpanKind, failpoint, inSpan, traceHeaders } from '@stellwerk/service-kit';
import { RouterMetrics } from '../router.metrics.js';
import { readEvent } from './read-event.js';
import { RouteNews } from './route-news.js';

/** A replay keeps the CloudEvent's id, and is to be looked at again: it starts what never started. */
const inboxId = (message: ReceivedMessage, event: CloudEvent): string => {
  const messageId = message.headers[HEADERS.messageId.toLowerCase()];
  return messageId?.startsWith(`${event.id}:replay:`) ? messageId : event.id;
};

@Controller()
export class RouterEventsConsumer {
  readonly #log = new Logger('events');

  constructor(
    private readonly route: RouteNews,
    private readonly metrics: RouterMetrics,
  ) {}

  /** Done only when all that follows from the event is committed and published. */
  @EventPattern<string>('router-events', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<unknown>();
    const type = shortType(event.type);
    const end = this.metrics.routeSeconds.startTimer({ type });
    await inSpan(`route ${type}`, { kind: SpanKind.CONSUMER, parent: message.trace, attributes: { 'stellwerk.event': event.id } }, async () => {
      const heard = readEvent(event);
      if (heard.kind === 'other') return;
      await this.route.run({ heard, takenAs: inboxId(message, event), sequence: message.sequence, cause: { id: event.id, trace: message.trace }, span: traceHeaders() });
    });
    failpoint('router.before-ack');
    this.#log.log({ event: event.id, type, fact: event.fact, correlation: event.correlationid, seconds: end() }, 'event.routed');
  }
}
