import { checkNats, natsServerBinary, prepareNats, untilReachable } from '@stellwerk/local-servers';
import type { DataDir } from './data-dir.ts';
import { messageOf, StartFailed } from './errors.ts';
import type { ProcessSpec } from './process-spec.ts';

/** How long a server that an operator named may take to answer. */
export const EXTERNAL_WAIT_MS = 8_000;
const DEFAULT_PORT = 4222;

/** The embedded nats-server: what to run, and its address. */
export const embeddedNats = async (data: DataDir, say: (line: string) => void): Promise<{ spec: ProcessSpec; url: string }> => {
  const binary = await natsServerBinary(say);
  const port = await data.port('nats');
  return {
    url: `nats://127.0.0.1:${port}`,
    spec: {
      name: 'nats', channel: false, readyWithinMs: 30_000, stop: { signal: 'SIGTERM', graceMs: 5_000 },
      command: () => prepareNats({ binary, dir: data.file('nats'), port }),
      check: () => checkNats('127.0.0.1', port),
    },
  };
};

/** Throws an error that names the variable when none of the servers in NATS_URL answers. */
export const requireNats = async (url: string): Promise<void> => {
  const first = url.split(',')[0]!.trim();
  const { hostname, port } = new URL(first.includes('://') ? first : `nats://${first}`);
  const where = `${hostname}:${port || DEFAULT_PORT}`;
  try {
    await untilReachable(() => checkNats(hostname, Number(port || DEFAULT_PORT)), where, EXTERNAL_WAIT_MS);
  } catch (error) {
    throw new StartFailed(`NATS_URL points to a server that cannot be reached: ${messageOf(error)}. Unset NATS_URL to use the embedded one.`);
  }
};
