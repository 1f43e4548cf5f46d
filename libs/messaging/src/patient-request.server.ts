import { Logger } from '@nestjs/common';
import { ServerNats } from '@nestjs/microservices';
import { messageOf, sleep } from '@stellwerk/service-kit';

const AGAIN_MS = 1_000;

/**
 * Nest's own NATS transport, but for its start: Nest opens no door before its transports listen, and this one says so at once and listens
 * when the broker is there. For ingress, which takes hooks without a broker.
 */
export class PatientRequestServer extends ServerNats {
  readonly #log = new Logger('nats');
  #closed = false;

  override async listen(callback: (fault?: unknown) => void): Promise<void> {
    void this.#listenPatiently();
    callback();
  }

  /** Whoever was closed meanwhile answers nothing. */
  override bindEvents(client: unknown): void {
    if (!this.#closed) super.bindEvents(client);
  }

  override async close(): Promise<void> {
    this.#closed = true;
    await super.close();
  }

  /** The connection waits for refused sockets by itself; a wrong password or an address that does not resolve yet is a fault. */
  async #listenPatiently(): Promise<void> {
    while (!this.#closed) {
      const fault = await new Promise<unknown>((resolve) => { void super.listen(resolve); });
      if (fault === undefined) break;
      this.#log.error({ reason: messageOf(fault) }, 'nats.connect-failed');
      await sleep(AGAIN_MS);
    }
    if (this.#closed) await super.close();
  }
}
