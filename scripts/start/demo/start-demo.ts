import { prepareDemo, runDemo } from '@stellwerk/simulators';
import { join } from 'node:path';
import type { DataDir } from '../data-dir.ts';
import type { Doors } from '../doors.ts';
import { messageOf } from '../errors.ts';
import type { ProcessSpec } from '../process-spec.ts';
import type { Supervisor } from '../supervisor.ts';

export interface DemoSetting {
  readonly root: string;
  readonly data: DataDir;
  readonly doors: Doors;
  readonly supervisor: Supervisor;
  readonly env: NodeJS.ProcessEnv;
}

/** The running simulators, and the one change to send through them. */
export interface Demo {
  readonly configDir: string;
  /** Secrets the resources of the demo name. */
  readonly env: NodeJS.ProcessEnv;
  /** Sends the payload and prints the journey; resolves at its end. */
  play(signal: AbortSignal): Promise<void>;
}

/** How long a simulated pipeline takes: long enough to be seen, short enough to wait for. */
const RUN_MS = '800';

const answers = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/_simulator`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
};

const simulatorsSpec = (root: string, env: NodeJS.ProcessEnv, urls: readonly string[]): ProcessSpec => ({
  name: 'simulators', channel: true, readyWithinMs: 30_000, stop: { signal: 'SIGTERM', graceMs: 5_000 },
  command: async () => ({ command: process.execPath, args: ['libs/simulators/dist/simulators.main.js'], cwd: root, env }),
  check: async () => { await Promise.all(urls.map(answers)); },
});

/** Starts the simulated platforms with the resources of `examples/quickstart`, their addresses put in. */
export const startDemo = async ({ root, data, doors, supervisor, env }: DemoSetting): Promise<Demo> => {
  const plan = await prepareDemo({ example: join(root, 'examples', 'quickstart'), directory: data.file('demo'), hooksUrl: `${doors.ingressUrl}/hooks` });
  await supervisor.start([simulatorsSpec(root, { SIMULATORS_RUN_MILLISECONDS: RUN_MS, ...env, ...plan.env, ...plan.simulatorsEnv }, Object.values(plan.urls))]);
  return {
    configDir: plan.configDir,
    env: plan.env,
    play: async (signal) => {
      console.log('· one change goes through:');
      try {
        await runDemo({ statusUrl: doors.statusUrl, simulators: plan.urls, print: (line) => console.log(`  ${line}`), signal });
      } catch (error) {
        // The services run, and what happened can be looked up: no reason to stop them.
        if (!signal.aborted) console.log(`· the journey was not seen to its end: ${messageOf(error)}. The logs are in ${data.file('logs')}`);
      }
    },
  };
};
