import type { Finding, HookChange } from '@stellwerk/contracts';
import type { ConnectionCalls } from '../calls/connection-calls.js';

/** How a platform's connector looks after the webhooks that lead to us. Nothing that it gives holds a secret. */
export interface HookKeeper {
  /** Repositories, projects and organizations that have, or should have, a webhook that leads to the connection. */
  places(calls: ConnectionCalls): readonly string[];
  /** How the webhook of one place is. @throws call errors, Refused */
  check(calls: ConnectionCalls, place: string): Promise<Finding[]>;
  /** Creates or mends it, so that a second time there is nothing to do. @throws call errors, Refused, PermanentError */
  setUp(calls: ConnectionCalls, place: string, dryRun: boolean): Promise<HookChange>;
}

/** Provider token of the connector's keeper of webhooks. */
export const HOOK_KEEPER: unique symbol = Symbol('stellwerk.hook-keeper');

/** A finding, without a remedy where none is needed. */
export const finding = (about: string, level: Finding['level'], text: string, remedy?: string): Finding => ({ about, level, text, ...(remedy && { remedy }) });
