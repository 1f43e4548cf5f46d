import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The notifier as it is built: `tsc -b services/notifier` before the specs. */
const MAIN = new URL('../dist/src/main.js', import.meta.url).pathname;

export interface NotifierProcess {
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output(): string;
  stop(): Promise<void>;
  /** Without any farewell. */
  kill(): Promise<void>;
}

/** A notifier as a process of its own, once it has started; with a failpoint it dies there. */
export const spawnNotifier = async (env: Record<string, string>, failpoint?: string): Promise<NotifierProcess> => {
  const child = spawn(process.execPath, [MAIN], {
    env: { NOTIFIER_MANAGEMENT_PORT: '0', STELLWERK_SERVICE: 'notifier', ...env, ...(failpoint && { FAILPOINT: failpoint }) }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const source of [child.stdout!, child.stderr!]) source.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  await Promise.race([once(child, 'message'), exited.then(() => { throw new Error(`the notifier ended while starting:\n${output}`); })]);
  return {
    exited, output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
};
