import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { CancelRun, ResolveStep, ROUTER_REQUESTS, type OrderReply } from '@stellwerk/contracts';
import { validated } from '@stellwerk/service-kit';
import { OrderRun } from './order-run.js';

/** Orders of people, which status passes on. */
@Controller()
export class OrdersController {
  constructor(private readonly orders: OrderRun) {}

  @MessagePattern(ROUTER_REQUESTS.cancel, Transport.NATS)
  async cancel(@Payload() data: unknown): Promise<OrderReply> {
    const { run, by } = validated(CancelRun, data);
    return this.orders.run(run, { kind: 'cancel', by });
  }

  @MessagePattern(ROUTER_REQUESTS.resolve, Transport.NATS)
  async resolve(@Payload() data: unknown): Promise<OrderReply> {
    const { run, ...order } = validated(ResolveStep, data);
    return this.orders.run(run, { kind: 'resolve', ...order });
  }
}
