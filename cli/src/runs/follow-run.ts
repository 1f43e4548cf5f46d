import { setTimeout as delay } from 'node:timers/promises';
import { NotFound, type StatusClient } from '../api/status.client.js';
import { CommandFailed, type Terminal } from '../terminal.js';
import { FINAL, pathOf, type Run } from './runs.js';

const LOOK_MS = 500;
/** A run that was ordered is there within a second or so; much later something is wrong that its order's dead letter tells. */
const PATIENCE_MS = 60_000;

export interface Follow {
  id: string;
  /** The version from before the order: only what comes later is its doing. */
  after: number;
}

const linesOf = ({ state, reason, steps }: Run): string[] => [
  ...steps.map((step) => `${step.name}: ${step.state}${step.rollback ? `, rollback ${step.rollback.state}` : ''}`),
  `run: ${state}${reason === null ? '' : ` (${reason})`}`,
];

/** Tells what changes until the run ends; whoever interrupts this does not stop the run. Throws CommandFailed when the order shows no effect. */
export const followRun = async (client: StatusClient, { id, after }: Follow, terminal: Terminal): Promise<Run> => {
  const told = new Set<string>();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const run = await client.get<Run>(pathOf(id)).catch((error: unknown) => { if (error instanceof NotFound) return undefined; throw error; });
    if (run && run.version > after) {
      const lines = linesOf(run);
      for (const line of lines) if (!told.has(line) && !line.endsWith(': pending')) terminal.err(line);
      told.clear();
      for (const line of lines) told.add(line);
      if (FINAL.includes(run.state)) return run;
    } else if (Date.now() > until) throw new CommandFailed(`run ${id} does not move; stellwerk dead-letters list --consumer router-events may say why`);
    await delay(LOOK_MS);
  }
};
