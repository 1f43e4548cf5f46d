import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { HookChange, SetUpConnection, SetUpReply } from '@stellwerk/contracts';
import { messageOf } from '@stellwerk/service-kit';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import { PublicHooks } from '../sweep/public-hooks.js';
import { ConnectionChecker } from './check-connection.js';
import { HOOK_KEEPER, type HookKeeper } from './hook-keeper.js';

const NO_ADDRESS = 'PUBLIC_HOOKS_URL is not set: nobody has said where platforms reach ingress, such as https://ci.example.com/hooks';

const refused = (place: string, ...lines: string[]): HookChange => ({ place, action: 'refused', lines, done: false });

/** Creates and mends webhooks, for a person. */
@Injectable()
export class ConnectionSetUp {
  readonly #log = new Logger('hooks');

  constructor(
    private readonly pool: ConnectionPool,
    private readonly hooks: PublicHooks,
    private readonly checker: ConnectionChecker,
    @Optional() @Inject(HOOK_KEEPER) private readonly keeper?: HookKeeper,
  ) {}

  /** Undefined: the configuration, as this process knows it, does not have the connection. */
  async run(order: SetUpConnection): Promise<SetUpReply | undefined> {
    const calls = this.pool.of(order.connection);
    if (!calls || !this.keeper) return undefined;
    const places = order.repositories ?? this.keeper.places(calls);
    const changes: HookChange[] = [];
    // One after the other: two of one organization may be one webhook.
    for (const place of places) changes.push(await this.#place(calls, place, order));
    if (!order.dryRun) this.checker.forget(order.connection);
    return { connection: order.connection, changes };
  }

  async #place(calls: ConnectionCalls, place: string, { connection, dryRun, by }: SetUpConnection): Promise<HookChange> {
    if (this.hooks.root === undefined) return refused(place, NO_ADDRESS);
    try {
      const change = await this.keeper!.setUp(calls, place, dryRun);
      if (change.done) this.#log.log({ connection, place, action: change.action, by }, 'hook.set-up');
      return change;
    } catch (error) {
      // What was done, if anything, shows when it is ordered again.
      this.#log.warn({ connection, place, by, reason: messageOf(error) }, 'hook.not-set-up');
      return refused(place, messageOf(error));
    }
  }
}
