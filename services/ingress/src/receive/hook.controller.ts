import { Injectable, Logger } from '@nestjs/common';
import { SpanKind, inSpan, type Span, type TraceHeaders } from '@stellwerk/service-kit';
import { IngressMetrics } from '../ingress.metrics.js';
import { refusalOf, type Delivery } from './delivery.js';
import { OpenConnections, type OpenConnection } from './open-connections.js';
import { problem, type Problem } from './problems.js';
import type { ReadBody } from './read-body.js';
import { ReceiveHook, type Received } from './receive-hook.js';

export interface IncomingHook {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: ReadBody;
  /** Address of the sender, for whoever looks into refusals. */
  readonly client: string;
}

/** A sender's trace is another system's: followed from, never our parent. */
const linksTo = ({ traceparent, tracestate }: Readonly<Record<string, string>>): TraceHeaders[] =>
  traceparent === undefined ? [] : [{ traceparent, ...(tracestate && { tracestate }) }];

@Injectable()
export class HookController {
  readonly #log = new Logger('hooks');

  constructor(
    private readonly connections: OpenConnections,
    private readonly receiveHook: ReceiveHook,
    private readonly metrics: IngressMetrics,
  ) {}

  /** The open connection of this name; undefined is a 404. */
  door(name: string): OpenConnection | undefined {
    const open = this.connections.find(name);
    if (!open) this.metrics.hooks.inc({ connection: 'unknown', answer: '404' });
    return open;
  }

  async take(open: OpenConnection, incoming: IncomingHook): Promise<Received | Problem> {
    const started = performance.now();
    const options = { kind: SpanKind.SERVER, parent: {}, links: linksTo(incoming.headers), attributes: { 'stellwerk.connection': open.name } };
    const answer = await inSpan(`hook ${open.name}`, options, (span) => this.#answer(open, incoming, span));
    const status = 'id' in answer ? '202' : String(answer.status);
    this.metrics.hooks.inc({ connection: open.name, answer: status });
    this.metrics.hookSeconds.observe({ answer: status }, (performance.now() - started) / 1_000);
    return answer;
  }

  async #answer(open: OpenConnection, { headers, query, body, client }: IncomingHook, span: Span): Promise<Received | Problem> {
    if (body === 'too-large') return this.#refused(open, problem(413), client);
    const delivery: Delivery = { open, headers, query, body, receivedAt: new Date() };
    const refusal = refusalOf(delivery);
    if (refusal) return this.#refused(open, refusal, client);
    try {
      const received = await this.receiveHook.run(delivery);
      span.setAttribute('stellwerk.hook.id', received.id);
      this.#log.log({ connection: open.name, ...received, bytes: body.length }, 'hook.received');
      return received;
    } catch (error) {
      this.#log.error({ connection: open.name, reason: error instanceof Error ? error.message : String(error) }, 'hook.not-stored');
      return problem(503, 'The hook could not be stored; send it again');
    }
  }

  #refused(open: OpenConnection, refusal: Problem, client: string): Problem {
    this.#log.warn({ connection: open.name, client, status: refusal.status, reason: refusal.detail }, 'hook.refused');
    return refusal;
  }
}
