import { Injectable, Logger } from '@nestjs/common';
import { SpanKind, inSpan, messageOf, type Span, type TraceHeaders } from '@stellwerk/service-kit';
import { IngressMetrics } from '../ingress.metrics.js';
import { refusalOf, type Delivery } from './delivery.js';
import { IntakeLoad } from './intake-load.js';
import { OpenConnections, type OpenConnection } from './open-connections.js';
import { problem, type Problem } from './problems.js';
import type { ReadBody } from './read-body.js';
import { ReceiveHook, type Received } from './receive-hook.js';
import { UnverifiedSenders } from './unverified-senders.js';

export interface Sender {
  /** Its address, for whoever looks into refusals; found only when it is asked for. */
  client(): string;
}

export interface IncomingHook extends Sender {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: ReadBody;
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
    private readonly unverified: UnverifiedSenders,
    private readonly load: IntakeLoad,
    private readonly metrics: IngressMetrics,
  ) {}

  /** The open connection of this name, or why there is none for this sender. */
  door(name: string, { client }: Sender): OpenConnection | Problem {
    const open = this.connections.find(name);
    if (open) return open;
    const refusal = this.#unverified(problem(404, 'No connection of this name takes hooks'), client());
    this.metrics.hooks.inc({ connection: 'unknown', answer: String(refusal.status) });
    return refusal;
  }

  async take(open: OpenConnection, incoming: IncomingHook): Promise<Received | Problem> {
    const started = performance.now();
    const options = { kind: SpanKind.SERVER, parent: {}, links: linksTo(incoming.headers), attributes: { 'stellwerk.connection': open.name } };
    const answer = await this.load.during(() => inSpan(`hook ${open.name}`, options, (span) => this.#answer(open, incoming, span)));
    const status = 'id' in answer ? '202' : String(answer.status);
    this.metrics.hooks.inc({ connection: open.name, answer: status });
    this.metrics.hookSeconds.observe({ answer: status }, (performance.now() - started) / 1_000);
    return answer;
  }

  async #answer(open: OpenConnection, { headers, query, body, client }: IncomingHook, span: Span): Promise<Received | Problem> {
    if (body === 'too-large') return this.#refused(open, problem(413), client);
    if (body === 'no-room') return this.#refused(open, problem(503, 'Too many large hooks at once; send it again'), client);
    const delivery: Delivery = { open, headers, query, body, receivedAt: new Date() };
    const refusal = refusalOf(delivery);
    if (refusal) return this.#refused(open, refusal, client);
    try {
      const received = await this.receiveHook.run(delivery);
      span.setAttribute('stellwerk.hook.id', received.id);
      return received;
    } catch (error) {
      this.#log.error({ connection: open.name, reason: messageOf(error) }, 'hook.not-stored');
      return problem(503, 'The hook could not be stored; send it again');
    }
  }

  #refused(open: OpenConnection, refusal: Problem, client: Sender['client']): Problem {
    const address = client();
    const answer = refusal.status === 401 ? this.#unverified(refusal, address) : refusal;
    if (answer === refusal) this.#log.warn({ connection: open.name, client: address, status: refusal.status, reason: refusal.detail }, 'hook.refused');
    return answer;
  }

  #unverified(refusal: Problem, address: string): Problem {
    const seconds = this.unverified.failed(address);
    return seconds === undefined ? refusal : problem(429, undefined, seconds);
  }
}
