import type { DataDir } from '../data-dir.ts';
import type { Doors } from '../doors.ts';
import { StartFailed } from '../errors.ts';
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
  readonly env: NodeJS.ProcessEnv;
  /** Sends the payload and prints the journey; resolves at its end. */
  play(signal: AbortSignal): Promise<void>;
}

export const startDemo = async (_setting: DemoSetting): Promise<Demo> => {
  throw new StartFailed('the demo is not there yet: use --config');
};
