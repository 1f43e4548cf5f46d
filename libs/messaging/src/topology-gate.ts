import { Logger } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import { messageOf, sleep } from '@stellwerk/service-kit';
import type { GiveUp, NatsLink } from './nats-link.js';
import { TopologyMismatch, verifyTopology } from './topology.js';

const AGAIN_MS = 1_000;
const BROKER_MS = 3_600_000;

/** Nothing is consumed before streams and consumers were found as declared. A difference ends the process, named. */
export class TopologyGate {
  readonly #log = new Logger('topology');
  #passed?: Promise<void>;
  #open = false;

  constructor(
    private readonly service: ServiceName,
    private readonly link: NatsLink,
    private readonly giveUp: GiveUp,
  ) {}

  passed(): Promise<void> {
    this.#passed ??= this.#verify();
    return this.#passed;
  }

  /** Readiness check. */
  check(): void {
    if (!this.#open) throw new Error('streams and consumers are not verified yet');
  }

  async #verify(): Promise<void> {
    for (;;) {
      await this.link.whenUp(BROKER_MS);
      try {
        await verifyTopology(this.link.connection, this.service);
        this.#open = true;
        return;
      } catch (error) {
        if (error instanceof TopologyMismatch) this.#refuse(error);
        this.#log.warn({ reason: messageOf(error) }, 'topology.unverified');
        await sleep(AGAIN_MS);
      }
    }
  }

  #refuse(mismatch: TopologyMismatch): never {
    for (const fault of mismatch.faults) this.#log.error({ fault }, 'topology.differs');
    return this.giveUp(mismatch.message);
  }
}
