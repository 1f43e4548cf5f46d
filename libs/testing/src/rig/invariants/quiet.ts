import type { Rig } from '../rig.js';
import { consumersOfRig, leftOver } from './gather.js';

const LOOK_MS = 300;
/** Agreeing looks in a row: between two steps of a journey everything can be empty for a moment. */
const LOOKS = 3;

const MOVING = `(state IN ('PENDING', 'DISPATCHING') OR (state = 'UNKNOWN' AND unknown_told_at IS NULL) OR (state = 'TRIGGERED' AND next_attempt_at IS NOT NULL))`;

const count = async (rig: Rig, from: string): Promise<number> => (await rig.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`))[0]!.n;

/** What still moves, in words; empty when all is still. */
export const restless = async (rig: Rig, { runs = true }: { runs?: boolean } = {}): Promise<string[]> => {
  const inEach = (where: string): Promise<number>[] => ['github', 'gitlab', 'jenkins'].map((platform) => count(rig, `${platform}_connector.${where}`));
  const [consumers, rows, live] = await Promise.all([
    consumersOfRig(rig), leftOver(rig), runs ? count(rig, "router.runs WHERE finished_at IS NULL AND state <> 'waiting'") : 0,
  ]);
  const [github, gitlab, jenkins] = await Promise.all(inEach(`dispatches WHERE ${MOVING}`));
  // A run that is still watched may be polled at any moment, and what the poll sees is told.
  const watched = runs ? await Promise.all(inEach('watched_runs WHERE ended_at IS NULL')) : [];
  return [
    ...consumers.filter(({ pending, ackPending }) => pending + ackPending > 0).map(({ name, pending, ackPending }) => `${name} ${pending} + ${ackPending}`),
    ...Object.entries(rows).filter(([, n]) => n > 0).map(([table, n]) => `${table} ${n}`),
    ...Object.entries({ github, gitlab, jenkins }).filter(([, n]) => n! > 0).map(([platform, n]) => `${platform} dispatches ${n}`),
    ...watched.filter((n) => n > 0).map((n) => `watched runs ${n}`),
    ...(live > 0 ? [`live runs ${live}`] : []),
  ];
};

/** Resolves when nothing moves any more: no lag, no ack awaited, outboxes empty, no dispatch in motion and (unless `runs` is false) no run under way. */
export const quiet = async (rig: Rig, { timeoutMs = 120_000, runs = true }: { timeoutMs?: number; runs?: boolean } = {}): Promise<void> => {
  const until = Date.now() + timeoutMs;
  for (let still = 0; still < LOOKS;) {
    const last = await restless(rig, { runs }).catch((error: unknown) => [`cannot look: ${error instanceof Error ? error.message : String(error)}`]);
    still = last.length === 0 ? still + 1 : 0;
    if (last.length > 0 && Date.now() > until) throw new Error(`not quiet within ${timeoutMs / 1_000} s: ${last.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};
