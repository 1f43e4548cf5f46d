import { Injectable, Logger } from '@nestjs/common';
import { connectorOf, connectorRequest, type ConnectionCheck, type HookChange, type SetUpReply } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import type { Connection } from '@stellwerk/flows';
import { RequestClient } from '@stellwerk/messaging';
import { messageOf } from '@stellwerk/service-kit';
import type { Caller } from '../access/caller.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { ProblemError } from '../http/problem.js';

/** Connectors call platforms before they answer. */
const TIMEOUT_MS = 28_000;

/** Puts a person's question about a connection to its connector, which has the credentials. */
@Injectable()
export class ConnectorClient {
  private readonly log = new Logger(ConnectorClient.name);

  constructor(
    private readonly requests: RequestClient,
    private readonly database: Database,
    private readonly audit: AuditRepository,
  ) {}

  check(connection: Connection): Promise<ConnectionCheck> {
    return this.ask(connection, 'check', { connection: connection.name });
  }

  /** Into the audit log first: what was ordered is known also when nobody hears the answer. */
  async setUp(connection: Connection, caller: Caller, order: { repositories?: string[]; dryRun: boolean }): Promise<HookChange[]> {
    if (!order.dryRun) await this.audit.add(this.database, { caller, action: 'connection.set-up', target: connection.name, detail: order });
    const { changes } = await this.ask<SetUpReply>(connection, 'set-up', { connection: connection.name, by: caller.name, ...order });
    return changes;
  }

  private async ask<T>({ name, platform }: Connection, order: 'check' | 'set-up', data: object): Promise<T> {
    const connector = connectorOf(platform);
    const reply = await this.requests.ask<T | null>(connectorRequest(connector, order), data, TIMEOUT_MS).catch((error: unknown) => {
      this.log.warn({ connection: name, order, reason: messageOf(error) }, 'connector.unanswered');
      throw new ProblemError(503, `The ${connector} does not answer just now; nothing is known to have been done. Try again in a moment.`);
    });
    if (reply === null) throw new ProblemError(503, `The ${connector} does not know connection "${name}" yet. Try again in a moment.`);
    return reply;
  }
}
