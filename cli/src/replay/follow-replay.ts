import { setTimeout as delay } from 'node:timers/promises';
import type { StatusClient } from '../api/status.client.js';
import type { Terminal } from '../terminal.js';

/** As `GET /api/replays/:number` gives it. */
export interface Replay {
  number: number;
  kind: string;
  state: 'running' | 'done' | 'stopped';
  by: string;
  filter: Record<string, unknown>;
  again: boolean;
  dryRun: boolean;
  scanned: number;
  matched: number;
  sent: number;
  failed: number;
  detail: string | null;
  createdAt: string;
  finishedAt: string | null;
}

const LOOK_MS = 300;
const TELL_MS = 1_000;

/** One line: how far it is. */
export const progressOf = ({ number, kind, state, scanned, matched, sent, failed, dryRun, detail }: Replay): string => {
  const counts = kind === 'hooks'
    ? `${scanned} hooks looked at, ${matched} fit${dryRun ? '' : `, ${sent} sent`}`
    : `${sent} of ${matched} sent${failed > 0 ? `, ${failed} could not be sent` : ''}`;
  return `replay ${number} ${state}: ${counts}${detail === null ? '' : ` (${detail})`}`;
};

/** Tells how far a replay is until it ends; whoever interrupts this does not stop the replay. */
export const followReplay = async (client: StatusClient, number: number, terminal: Terminal): Promise<Replay> => {
  let told = '';
  let toldAt = 0;
  for (;;) {
    const replay = await client.get<Replay>(`/api/replays/${number}`);
    const line = progressOf(replay);
    if (replay.state !== 'running') return replay;
    if (line !== told && Date.now() - toldAt >= TELL_MS) {
      terminal.err(line);
      told = line;
      toldAt = Date.now();
    }
    await delay(LOOK_MS);
  }
};
