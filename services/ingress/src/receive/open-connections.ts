import { Injectable, Logger } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import type { Connection } from '@stellwerk/flows';
import { hookPlatforms, type HookPlatform, type WebhookSecrets } from '@stellwerk/platforms';
import { messageOf } from '@stellwerk/service-kit';

/** A connection that takes hooks. */
export interface OpenConnection {
  readonly name: string;
  readonly connection: Connection;
  readonly platform: HookPlatform;
  readonly secrets: WebhookSecrets;
}

/** So long a secret that was changed in its file may still be the old one. */
const FRESH_MS = 1_000;

/** The doors that are open: only connections with a secret or token have one. */
@Injectable()
export class OpenConnections {
  readonly #log = new Logger('hooks');
  readonly #found = new Map<string, { open: OpenConnection; connection: Connection; until: number }>();

  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
  ) {}

  /** Throws PermanentError when a secret cannot be read and never could. */
  find(name: string): OpenConnection | undefined {
    const connection = this.resources.current().connections[name];
    const known = this.#found.get(name);
    if (known && known.connection === connection && Date.now() < known.until) return known.open;
    const open = connection && this.#openOr(known?.connection === connection ? known?.open : undefined, name, connection);
    // Only names that are configured get here, so it stays as small as the configuration.
    if (open) this.#found.set(name, { open, connection, until: Date.now() + FRESH_MS });
    else this.#found.delete(name);
    return open;
  }

  /** A secret's file may be away for a moment while it is replaced: then what it said last goes on. */
  #openOr(last: OpenConnection | undefined, name: string, connection: Connection): OpenConnection | undefined {
    try {
      return this.#open(name, connection);
    } catch (error) {
      if (!last) throw error;
      this.#log.error({ connection: name, reason: messageOf(error) }, 'secret.unreadable');
      return last;
    }
  }

  #open(name: string, connection: Connection): OpenConnection | undefined {
    const platform = hookPlatforms[connection.platform];
    if (!platform || !connection.webhook) return undefined;
    const secrets = this.secrets.webhookSecrets(connection);
    return secrets.secrets.length + secrets.tokens.length > 0 ? { name, connection, platform, secrets } : undefined;
  }
}
