import { FINAL_RUN_STATES } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { isAccepted, type Delivery, type HookDriver, type LedgerCounts, type LoadOptions, type Rig } from '@stellwerk/testing/rig';

/** A load that goes on in the background until it is told to stop; gives what it sent. */
export const loadUntil = (driver: HookDriver, options: LoadOptions): { stop(): Promise<Delivery[]> } => {
  const ending = new AbortController();
  const sent = driver.load({ ...options, signal: ending.signal });
  return {
    stop: async () => {
      ending.abort();
      return sent;
    },
  };
};

/** Runs `work` while a load is on. */
export const underLoad = async (driver: HookDriver, options: LoadOptions, work: () => Promise<void>): Promise<Delivery[]> => {
  const load = loadUntil(driver, options);
  try {
    await work();
  } finally {
    await load.stop();
  }
  return load.stop();
};

/** Requests that were answered, and not with a 2xx, between two looks at `ledger.counts()`. */
export const refusedBetween = (before: LedgerCounts, after: LedgerCounts): number => Object.entries(after.answers)
  .filter(([status]) => /^[13-9]/.test(status)).reduce((sum, [status, count]) => sum + count - (before.answers[status] ?? 0), 0);

/** Deliveries that were not taken at the first try: refused, unanswered, or no door was ready. */
export const refusedOf = (driver: HookDriver, sent: readonly Delivery[]): number => {
  const known = new Map(driver.ledger.all().map((one) => [one.delivery, one]));
  return sent.filter(({ id }) => { const one = known.get(id); return !one || one.accepted < one.tries; }).length;
};

/** How the runs of these deliveries ended, e.g. `{ succeeded: 12 }`; runs that are not there count as `missing`. */
export const endsOf = async (rig: Rig, sent: readonly Delivery[]): Promise<Record<string, number>> => {
  const ids = sent.flatMap(({ run }) => run ?? []);
  const rows = await rig.query<{ id: string; state: string }>('SELECT id, state FROM router.runs WHERE id = ANY($1)', [ids]);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const ends: Record<string, number> = {};
  for (const id of ids) {
    const state = states.get(id) ?? 'missing';
    ends[state] = (ends[state] ?? 0) + 1;
  }
  return ends;
};

export const endOf = async (rig: Rig, { run }: Delivery, timeoutMs = 60_000): Promise<string> => waitFor(async () => {
  const [row] = await rig.query<{ state: string }>('SELECT state FROM router.runs WHERE id = $1', [run]);
  return row && (FINAL_RUN_STATES as readonly string[]).includes(row.state) ? row.state : undefined;
}, { what: `run ${run} to end`, timeoutMs, everyMs: 100 });

export const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

export { isAccepted };
