import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import type { Connection } from '@stellwerk/flows';
import { hookPlatforms, type HookPlatform, type WebhookSecrets } from '@stellwerk/platforms';

/** A connection that takes hooks. */
export interface OpenConnection {
  readonly name: string;
  readonly connection: Connection;
  readonly platform: HookPlatform;
  readonly secrets: WebhookSecrets;
}

/** The doors that are open: only connections with a secret or token have one. */
@Injectable()
export class OpenConnections {
  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
  ) {}

  /** Throws PermanentError when a secret cannot be read any more. */
  find(name: string): OpenConnection | undefined {
    const connection = this.resources.current().connections[name];
    const platform = connection && hookPlatforms[connection.platform];
    if (!platform || !connection.webhook) return undefined;
    const secrets = this.secrets.webhookSecrets(connection);
    return secrets.secrets.length + secrets.tokens.length > 0 ? { name, connection, platform, secrets } : undefined;
  }
}
