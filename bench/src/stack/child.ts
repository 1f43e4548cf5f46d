import { ended, spawnServer, stopServer, type ServerCommand } from '@stellwerk/local-servers';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** A process of the bench: its pid is what CPU and memory are read from. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Sends an order over the channel and gives the answer to it. */
  ask<T>(order: object): Promise<T>;
  /** Throws with the end of its log when it has ended. */
  check(): void;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** The first message of a Node child of ours. */
export interface Listening {
  event: 'listening';
  managementPort?: number;
  doorPort?: number;
  port?: number;
}

const endOf = (logFile: string): string => readFileSync(logFile, 'utf8').slice(-2_000);

const GRACE_MS = 20_000;
let orders = 0;

const ask = <T>(child: ChildProcess, order: object): Promise<T> => {
  const id = orders += 1;
  return new Promise((resolve, reject) => {
    const died = (code: number | null, signal: NodeJS.Signals | null): void => reject(new Error(`ended (${signal ?? code}) before it answered`));
    const hear = (message: { answers?: number; result?: T; failure?: string }): void => {
      if (message.answers !== id) return;
      child.off('message', hear);
      child.off('exit', died);
      if (message.failure === undefined) resolve(message.result as T);
      else reject(new Error(message.failure));
    };
    child.on('message', hear);
    child.once('exit', died);
    child.send({ ...order, id }, (error) => { if (error) reject(error); });
  });
};

/** Starts it with its output in `logFile`. */
export const startChild = (name: string, command: ServerCommand, logFile: string, channel = false): Child => {
  const log = openSync(logFile, 'a');
  const child = spawnServer(command, ['ignore', log, log, ...(channel ? ['ipc' as const] : [])]);
  closeSync(log);
  return {
    name, pid: child.pid!, process: child,
    ask: (order) => ask(child, order),
    check: () => {
      if ((child.exitCode ?? child.signalCode) !== null) throw new Error(`${name} ended (${child.signalCode ?? child.exitCode}):\n${endOf(logFile)}`);
    },
    stop: (signal = 'SIGTERM') => stopServer(child, signal, GRACE_MS),
  };
};

/** Starts a Node process and waits until it says where it listens. */
export const startNode = async (
  name: string, args: readonly string[], env: NodeJS.ProcessEnv, place: { cwd: string; logFile: string },
): Promise<Child & { listening: Listening }> => {
  const child = startChild(name, { command: process.execPath, args, cwd: place.cwd, env }, place.logFile, true);
  const listening = await new Promise<Listening>((resolve, reject) => {
    child.process.once('exit', (code, signal) => reject(new Error(`${name} ended (${signal ?? code}):\n${endOf(place.logFile)}`)));
    child.process.on('message', (message: Listening) => { if (message.event === 'listening') resolve(message); });
  });
  return { ...child, listening };
};

/** Runs a job to its end. */
export const runJob = async (name: string, args: readonly string[], env: NodeJS.ProcessEnv, place: { cwd: string; logFile: string }): Promise<void> => {
  const child = startChild(name, { command: process.execPath, args, cwd: place.cwd, env }, place.logFile);
  await ended(child.process);
  if (child.process.exitCode !== 0) throw new Error(`${name} failed:\n${endOf(place.logFile)}`);
};

export const processors = cpus().length;
