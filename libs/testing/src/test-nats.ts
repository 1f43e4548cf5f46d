import { checkNats, ended, freePort, natsServerBinary, prepareNats, spawnServer, stopServer, untilReachable } from '@stellwerk/local-servers';
import type { ChildProcess } from 'node:child_process';
import { tempDir } from './temp-dir.js';

export interface TestNats {
  url: string;
  port: number;
  /** Ends the server and removes what it stored. */
  stop(): Promise<void>;
  /** SIGKILL; what it stored stays for `restart`. */
  kill(): Promise<void>;
  /** Stopped gently if it runs, then started on the same port and store. */
  restart(): Promise<void>;
}

const GRACE_MS = 5_000;

/** A nats-server of its own, with JetStream in a temporary folder and a free port. */
export const startTestNats = async (): Promise<TestNats> => {
  const dir = await tempDir('nats');
  const port = await freePort();
  const command = await prepareNats({ binary: await natsServerBinary(), dir: dir.path, port });
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = spawnServer(command, 'ignore');
    await untilReachable(() => checkNats('127.0.0.1', port), 'nats-server', 10_000, () => (child.exitCode === null ? undefined : `ended with ${child.exitCode}`));
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    stop: async () => { await stopServer(child, 'SIGTERM', GRACE_MS); await dir.remove(); },
    kill: async () => { child.kill('SIGKILL'); await ended(child); },
    restart: async () => { await stopServer(child, 'SIGTERM', GRACE_MS); await start(); },
  };
};
