import { readFileSync, statSync } from 'node:fs';
import type { Connection, SecretRef } from '@stellwerk/flows';
import type { WebhookSecrets } from '@stellwerk/platforms';
import { PermanentError, Secret, type Env } from '@stellwerk/service-kit';

/** Clocks of file systems tick as slowly: what was written within one tick of the last reading looks unchanged. */
const TICK_MS = 2_000;

interface ReadFile {
  version: string;
  /** False: it was read in the tick in which it was written, and may be written once more in it. */
  settled: boolean;
  secret: Secret;
}

/** Turns references into values, as late as possible; a file is read again when it has changed. */
export class Secrets {
  readonly #files = new Map<string, ReadFile>();

  constructor(private readonly env: Env) {}

  /** Throws PermanentError when it is not set or empty. */
  resolve(ref: SecretRef): Secret {
    return 'env' in ref ? this.#variable(ref.env) : this.#file(ref.file);
  }

  /** All secrets and tokens that may verify a delivery to the connection. Throws PermanentError. */
  webhookSecrets(connection: Connection): WebhookSecrets {
    const values = (refs: SecretRef[] = []): string[] => refs.map((ref) => this.resolve(ref).reveal());
    return { secrets: values(connection.webhook?.secrets), tokens: values(connection.webhook?.tokens) };
  }

  #variable(name: string): Secret {
    const value = this.env[name];
    if (!value) throw new PermanentError(`secret { env: ${name} } is not set`);
    return new Secret(value);
  }

  #file(path: string): Secret {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const version = `${mtimeMs}:${size}:${ino}`;
      const known = this.#files.get(path);
      if (known?.version === version && known.settled) return known.secret;
      const secret = new Secret(nonEmpty(readFileSync(path, 'utf8').replace(/\r?\n$/, '')));
      this.#files.set(path, { version, secret, settled: Date.now() - mtimeMs > TICK_MS });
      return secret;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new PermanentError(`secret { file: ${path} } cannot be read (${reason})`, { cause: error });
    }
  }
}

const nonEmpty = (text: string): string => {
  if (text === '') throw new Error('empty');
  return text;
};
