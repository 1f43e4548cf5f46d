import type { Command, RunChanged, RunSnapshot } from '@stellwerk/contracts';
import { carryOut } from './carry-out.js';
import type { RouterRig, Sent } from './router-rig.js';

/** A platform that ends each run so. */
export type Outcomes = (sent: Sent) => 'success' | 'failure';

const LONGEST_MS = 100_000;

/**
 * Connectors and platforms at work: whatever is sent is carried out, once, until `isDone` and nothing more follows. Gives all that was sent.
 * `between` sees what has come before it is carried out.
 */
export const drive = async (rig: RouterRig, isDone: () => Promise<boolean>, outcomeOf: Outcomes = () => 'success', between?: (sent: readonly Sent[]) => Promise<void>): Promise<Sent[]> => {
  const more = rig.follow<Command>('COMMANDS');
  const all: Sent[] = [];
  const work = async (): Promise<number> => {
    const sent = await more();
    all.push(...sent);
    await between?.(sent);
    await Promise.all(sent.map((one) => (one.data.purpose === 'cancel' ? rig.answer(one, 'accepted') : carryOut(rig, one, outcomeOf(one)))));
    return sent.length;
  };
  const giveUpAt = Date.now() + LONGEST_MS;
  for (let isOver = false; !isOver;) {
    if (Date.now() > giveUpAt) throw new Error(`not done after ${LONGEST_MS} ms and ${all.length} commands: ${JSON.stringify(await rig.runs())}`);
    if (await work() > 0 || !await isDone()) continue;
    await rig.quiet();
    isOver = await work() === 0;
  }
  return all;
};

/** Each run as it was told last. */
export const lastTold = async (rig: RouterRig): Promise<RunSnapshot[]> => {
  const told = (await rig.stream<RunChanged>('EVENTS')).filter(({ source, data }) => source === '/services/router' && 'run' in data);
  return [...Map.groupBy(told, ({ subject }) => subject).values()].map((versions) => versions.toSorted((a, b) => a.data.run.version - b.data.run.version).at(-1)!.data.run);
};

/** True when none is left that has not ended. */
export const allOver = async (rig: RouterRig, count: number): Promise<boolean> => {
  const { rows: [row] } = await rig.database.query<{ over: number; all: number }>('SELECT count(finished_at)::int AS over, count(*)::int AS all FROM runs');
  return row!.all === count && row!.over === count;
};

/** Slots in which more hold a place than may. Nobody else sees the middle of a transaction, so there is never one. */
export const overfull = async (rig: RouterRig, limits: Readonly<Record<string, number>>): Promise<unknown[]> => {
  const { rows } = await rig.database.query<{ key: string; held: number }>(
    'SELECT scope, key, count(*)::int AS held FROM slots JOIN runs ON runs.id = slots.run WHERE held AND finished_at IS NULL GROUP BY scope, key');
  return rows.filter(({ key, held }) => held > limits[key]!);
};

/** How often PostgreSQL had to break a circle of transactions that waited for each other. */
export const deadlocks = async (rig: RouterRig): Promise<number> => {
  const { rows: [row] } = await rig.database.query<{ deadlocks: string }>('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
  return Number(row!.deadlocks);
};
