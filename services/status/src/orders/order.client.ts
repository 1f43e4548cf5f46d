import { Injectable, Logger } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { RouterClient } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import { ProblemError } from '../http/problem.js';
import type { OrderAnswer } from './orders.body.js';

const AWAY = 'The router does not answer just now; nothing is known to have been done. Try again in a moment.';

/** Passes a person's order on to the router; its refusal becomes the answer. */
@Injectable()
export class OrderClient {
  private readonly log = new Logger(OrderClient.name);

  constructor(private readonly router: RouterClient) {}

  async give(pattern: string, order: { run: string; by: string }): Promise<OrderAnswer> {
    const reply = await this.ask(pattern, order);
    this.log.log({ pattern, run: order.run, by: order.by, status: reply.status }, 'order.given');
    if (!reply.ok) throw new ProblemError(reply.status, reply.detail);
    return { detail: reply.detail };
  }

  private async ask(pattern: string, order: { run: string; by: string }): Promise<OrderReply> {
    try {
      return await this.router.ask<OrderReply>(pattern, order);
    } catch (error) {
      this.log.warn({ pattern, run: order.run, by: order.by, reason: messageOf(error) }, 'order.unanswered');
      throw new ProblemError(503, AWAY);
    }
  }
}
