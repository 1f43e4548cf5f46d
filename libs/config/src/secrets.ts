import type { Connection, SecretRef } from '@stellwerk/flows';
import type { WebhookSecrets } from '@stellwerk/platforms';
import { PermanentError, type Secret } from '@stellwerk/service-kit';

/** Turns references into values, as late as possible. */
export class Secrets {
  /** Throws PermanentError when it is not set. */
  resolve(ref: SecretRef): Secret {
    throw new PermanentError(`secret ${JSON.stringify(ref)} is not set`);
  }

  webhookSecrets(connection: Connection): WebhookSecrets {
    const values = (refs: SecretRef[] = []): string[] => refs.map((ref) => this.resolve(ref).reveal());
    return { secrets: values(connection.webhook?.secrets), tokens: values(connection.webhook?.tokens) };
  }
}
