import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';

/** How one server process is started. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Another user than ours, where the server refuses to run as root. */
  readonly uid?: number;
  readonly gid?: number;
  /** Ours when absent. */
  readonly env?: NodeJS.ProcessEnv;
}

// By its path, as a child may get an environment without one.
const SETPRIV = '/usr/bin/setpriv';
let canBind: boolean | undefined;

// Linux kills such a child when its parent dies, even by SIGKILL; elsewhere a parent that is killed leaves it behind.
const bindsToParent = (): boolean =>
  (canBind ??= process.platform === 'linux' && spawnSync(SETPRIV, ['--pdeathsig', 'KILL', 'true']).status === 0);

/** The same command, bound to the life of the process that starts it where the system can do that. */
const boundToParent = (server: ServerCommand): ServerCommand =>
  bindsToParent() ? { ...server, command: SETPRIV, args: ['--pdeathsig', 'KILL', server.command, ...server.args] } : server;

/** Starts it in a process group of its own, so that a Ctrl-C in the terminal reaches only the one who supervises it. */
export const spawnServer = (server: ServerCommand, stdio: StdioOptions): ChildProcess => {
  const bound = boundToParent(server);
  return spawn(bound.command, [...bound.args], {
    cwd: bound.cwd, stdio, detached: true,
    ...(bound.env === undefined ? {} : { env: bound.env }),
    ...(bound.uid === undefined ? {} : { uid: bound.uid, gid: bound.gid }),
  });
};

/** Resolves when the process has ended; at once when it has already. */
export const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

/** Asks it to end by `signal`, and kills it when the grace is over. */
export const stopServer = async (child: ChildProcess, signal: NodeJS.Signals, graceMs: number): Promise<void> => {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended(child);
  clearTimeout(timer);
};
