import { Injectable, Logger } from '@nestjs/common';
import type { OrderReply } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { RequestClient } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import type { Caller } from '../access/caller.js';
import { AuditRepository, type AuditEntry } from '../audit/audit.repository.js';
import { ProblemError } from '../http/problem.js';
import type { OrderAnswer, RollbackAnswer } from './orders.body.js';

const AWAY = 'The router does not answer just now; nothing is known to have been done. Try again in a moment.';

/** Passes a person's order on to the router; its refusal becomes the answer. */
@Injectable()
export class OrderClient {
  private readonly log = new Logger(OrderClient.name);

  constructor(
    private readonly router: RequestClient,
    private readonly database: Database,
    private readonly audit: AuditRepository,
  ) {}

  /** Into the audit log first: what was ordered is known also when nobody hears the answer. */
  async give(pattern: string, caller: Caller, what: { run?: string } & Record<string, unknown>, audit: Partial<Pick<AuditEntry, 'action' | 'target'>> = {}): Promise<OrderAnswer> {
    const { action = pattern.replace('router', 'run'), target = what.run ?? '' } = audit;
    await this.audit.add(this.database, { caller, action, target, detail: what });
    const { detail } = await this.put(pattern, target, { ...what, by: caller.name });
    return { detail };
  }

  /** A question about what an order would do. It does nothing, so it is no line of the audit log. */
  async ask(pattern: string, caller: Caller, what: { run: string } & Record<string, unknown>): Promise<RollbackAnswer> {
    const { detail, plan } = await this.put(pattern, what.run, { ...what, by: caller.name });
    return { detail, ...(plan && { plan }) };
  }

  private async put(pattern: string, target: string, order: { by: string }): Promise<OrderReply> {
    const reply = await this.answer(pattern, target, order);
    this.log.log({ pattern, target, by: order.by, status: reply.status }, 'order.given');
    if (!reply.ok) throw new ProblemError(reply.status, reply.detail);
    return reply;
  }

  private async answer(pattern: string, target: string, order: { by: string }): Promise<OrderReply> {
    try {
      return await this.router.ask<OrderReply>(pattern, order);
    } catch (error) {
      this.log.warn({ pattern, target, by: order.by, reason: messageOf(error) }, 'order.unanswered');
      throw new ProblemError(503, AWAY);
    }
  }
}
