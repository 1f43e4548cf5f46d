import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import {
  CancelRun, parseApprovalId, parseCommandId, ResendCommand, ResolveStep, RetryRun, RollBackRun, ROUTER_REQUESTS, VoteOnApproval, type OrderReply,
} from '@stellwerk/contracts';
import { SpanKind, inSpan, validated, type TraceHeaders } from '@stellwerk/service-kit';
import { ROUTER_CONFIG, type RouterConfig } from '../router.config.js';
import { AskRollback } from './ask-rollback.js';
import type { Order } from './gather-order.js';
import { noSuchRun } from './no-such-run.js';
import { OrderRun } from './order-run.js';

/** The trace of the person's request. */
const traceOf = (context: NatsContext): TraceHeaders => {
  const traceparent = (context.getHeaders() as { get(name: string): string } | undefined)?.get('traceparent');
  return traceparent ? { traceparent } : {};
};

/** Orders of people, which status passes on. */
@Controller()
export class OrdersController {
  constructor(
    private readonly orders: OrderRun,
    private readonly rollbacks: AskRollback,
    @Inject(ROUTER_CONFIG) private readonly config: RouterConfig,
  ) {}

  @MessagePattern(ROUTER_REQUESTS.cancel, Transport.NATS)
  async cancel(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const { run, by } = validated(CancelRun, data);
    return this.#carryOut(run, { kind: 'cancel', by }, context);
  }

  @MessagePattern(ROUTER_REQUESTS.resolve, Transport.NATS)
  async resolve(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const { run, ...order } = validated(ResolveStep, data);
    return this.#carryOut(run, { kind: 'resolve', ...order }, context);
  }

  @MessagePattern(ROUTER_REQUESTS.resend, Transport.NATS)
  async resend(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const { command } = validated(ResendCommand, data);
    const parts = parseCommandId(command);
    if (!parts) return { ok: false, status: 404, detail: `${command} is no id of a command` };
    return this.#carryOut(parts.run, { kind: 'resend', command }, context);
  }

  @MessagePattern(ROUTER_REQUESTS.approve, Transport.NATS)
  async approve(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const vote = validated(VoteOnApproval, data);
    const parts = parseApprovalId(vote.approval);
    if (!parts) return { ok: false, status: 404, detail: `there is no approval ${vote.approval}` };
    return this.#carryOut(parts.run, { kind: 'vote', ...vote }, context);
  }

  @MessagePattern(ROUTER_REQUESTS.retry, Transport.NATS)
  async retry(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const { run, by } = validated(RetryRun, data);
    return this.#carryOut(run, { kind: 'retry', by }, context);
  }

  @MessagePattern(ROUTER_REQUESTS.rollback, Transport.NATS)
  async rollBack(@Payload() data: unknown, @Ctx() context: NatsContext): Promise<OrderReply> {
    const { run, by, dryRun } = validated(RollBackRun, data);
    return dryRun ? (await this.rollbacks.run(run)) ?? noSuchRun(run, this.config.runDays) : this.#carryOut(run, { kind: 'rollback', by }, context);
  }

  #carryOut(run: string, order: Order, context: NatsContext): Promise<OrderReply> {
    const trace = traceOf(context);
    const attributes = { 'stellwerk.run': run };
    return inSpan(`order ${order.kind}`, { kind: SpanKind.SERVER, parent: trace, attributes }, async () => (await this.orders.run(run, order, trace)) ?? noSuchRun(run, this.config.runDays));
  }
}
