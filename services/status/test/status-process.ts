import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The status service as it is built: `tsc -b services/status` before the specs. */
const MAIN = new URL('../dist/src/main.js', import.meta.url).pathname;

export interface StatusProcess {
  /** Resolves when it says that it has started; never when it ends before. */
  started: Promise<unknown>;
  kill(): Promise<unknown>;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output(): string;
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A status service as a process of its own; with `FAILPOINT` in its environment it dies there. Does not wait until it has started. */
export const spawnStatus = (env: Record<string, string>): StatusProcess => {
  const child = spawn(process.execPath, [MAIN], {
    env: { STATUS_MANAGEMENT_PORT: '0', STELLWERK_SERVICE: 'status', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const source of [child.stdout!, child.stderr!]) source.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  return {
    started: once(child, 'message'),
    kill: () => {
      child.kill('SIGKILL');
      return exited;
    },
    exited, output: () => output,
    stop: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      return exited;
    },
  };
};
