import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { StartFailed } from './errors.ts';
import { LogFile } from './log-file.ts';
import { tellingLines } from './log-lines.ts';

/** A process that does one thing and ends: a migration, the declaration of the streams. */
export interface Job {
  readonly name: string;
  readonly script: string;
}

export interface JobContext {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: (name: string) => string;
  readonly signal: AbortSignal;
}

const runJob = (job: Job, { root, env, logFile }: JobContext, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const log = new LogFile(logFile(job.name));
    const output = log.open();
    const child = spawn(process.execPath, [job.script], { cwd: root, env, stdio: ['ignore', output, output] });
    log.close(output);
    const stop = (): void => { child.kill('SIGTERM'); };
    signal.addEventListener('abort', stop);
    child.once('error', reject);
    child.once('exit', (code, killed) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) return resolve();
      reject(new StartFailed(`${job.name} failed (${killed ?? `exit ${code}`}):\n${tellingLines(log.tail(), 20).join('\n')}`));
    });
  });

/** Jobs mostly wait for a server: one processor has time for two. */
const atOnce = (): number => Math.max(2, availableParallelism());

/** Runs them, as many at once as there are processors, two at least. The first that fails ends the others, and the start; none is left running. */
export const runJobs = async (jobs: readonly Job[], context: JobContext): Promise<void> => {
  const waiting = [...jobs];
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, context.signal]);
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job && !signal.aborted; job = waiting.shift()) {
      await runJob(job, context, signal).catch((error: unknown) => failure.abort(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce() }, work));
  failure.signal.throwIfAborted();
};
