import { Injectable } from '@nestjs/common';
import { ConnectionPool } from '../calls/connection-pool.js';
import { ConnectorMetrics } from '../health/connector.metrics.js';
import { ClaimsRepository, type Leases } from './claims.repository.js';
import { DatabaseTime } from './database-time.js';
import type { Claim } from './dispatch.types.js';
import { DispatchSender } from './send-dispatch.js';

/** Takes dispatches out of the table under leases that fit their connections. */
@Injectable()
export class ClaimTaker {
  constructor(
    private readonly claims: ClaimsRepository,
    private readonly pool: ConnectionPool,
    private readonly sender: DispatchSender,
    private readonly time: DatabaseTime,
    private readonly metrics: ConnectorMetrics,
  ) {}

  /** What is due, but none of connections that have no room on their way out: it would only wait under a lease. `more`: something may be left. */
  async due(limit: number): Promise<{ claims: Claim[]; more: boolean }> {
    const busy = this.#names().filter((name) => this.pool.of(name)?.free === 0);
    const claims = limit > 0 ? this.#noted(await this.claims.claimDue(this.#leases(), { busy, limit })) : [];
    return { claims, more: claims.length === limit || busy.length > 0 };
  }

  async named(commandId: string): Promise<Claim[]> {
    return this.#noted(await this.claims.claim(this.#leases(), [commandId]));
  }

  #noted(claims: Claim[]): Claim[] {
    for (const { at, was } of claims) {
      this.time.learn(at);
      if (was === 'DISPATCHING') this.metrics.takenOver();
    }
    return claims;
  }

  #leases(): Leases {
    const connections = this.#names();
    return { connections, ms: connections.map((name) => this.sender.limitsOf(name).leaseMs), fallbackMs: this.sender.limitsOf('').leaseMs };
  }

  #names(): string[] {
    return this.pool.connections().map(({ name }) => name);
  }
}
