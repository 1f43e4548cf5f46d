import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerCommand } from './command.js';

export interface NatsServerOptions {
  readonly binary: string;
  /** Holds the configuration and the streams. */
  readonly dir: string;
  readonly port: number;
  readonly host?: string;
  /** Each write is on the disk before it is confirmed. */
  syncAlways?: boolean;
}

/** Ingress takes hooks of up to 26 MB; with headers and a margin, a message may have 32. */
const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

// Streams reserve their `max_bytes`; without a figure of our own the server offers 75 % of the free disk, and declaring fails on a small one.
const configuration = ({ dir, port, host, syncAlways }: NatsServerOptions): string => `host: ${JSON.stringify(host ?? '127.0.0.1')}
port: ${port}
max_payload: ${MAX_PAYLOAD_BYTES}
jetstream {
  store_dir: ${JSON.stringify(join(dir, 'streams'))}
  max_memory_store: 256MB
  max_file_store: 64GB${syncAlways ? '\n  sync_interval: always' : ''}
}
`;

/** Writes the configuration into `dir` and says how the server is started. */
export const prepareNats = async (options: NatsServerOptions): Promise<ServerCommand> => {
  const file = join(options.dir, 'nats.conf');
  await mkdir(options.dir, { recursive: true });
  await writeFile(file, configuration(options));
  return { command: options.binary, args: ['--config', file], cwd: options.dir };
};
