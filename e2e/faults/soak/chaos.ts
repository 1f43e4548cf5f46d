import type { Random, Rig, ServiceProcess } from '@stellwerk/testing/rig';
import { waitFor } from '@stellwerk/testing';

type Victim = { name: string; strike: () => Promise<void> };

/** How long everything is let be after a blow at most: what was killed is to be back, so that the next one hits it at work. */
const BACK_MS = 120_000;
const RECOVERY_MS = 300_000;

const service = (one: ServiceProcess): Victim => ({
  name: one.name.replace(/-\d+$/, ''),
  strike: async () => {
    await one.kill();
    await one.ready(BACK_MS);
  },
});

const victims = (rig: Rig): Victim[] => [
  ...rig.processes.map(service),
  { name: 'nats', strike: async () => { await rig.nats.kill(); await rig.nats.restart(); } },
  { name: 'postgres', strike: async () => { await rig.postgres.kill(); await recovered(rig); } },
];

/** What a killed Postgres has to read again takes longer than a start is waited for. */
const recovered = async (rig: Rig): Promise<void> => {
  const started = rig.postgres.restart().catch((error: unknown) => error);
  await waitFor(() => rig.query('SELECT 1').then(() => true), { what: 'Postgres to have recovered', timeoutMs: RECOVERY_MS, everyMs: 500 });
  await started;
};

/** Kills every process in turn, in a seeded order, at seeded moments. */
export class Chaos {
  readonly kills: Record<string, number> = {};
  readonly #rig: Rig;
  readonly #random: Random;
  readonly #everyMs: number;

  constructor(rig: Rig, random: Random, everyMs: number) {
    this.#rig = rig;
    this.#random = random;
    this.#everyMs = everyMs;
  }

  get total(): number {
    return Object.values(this.kills).reduce((sum, one) => sum + one, 0);
  }

  /** Goes on until told to stop; rejects when something does not come back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const victim of this.#random.shuffle(victims(this.#rig))) {
        await this.#wait(this.#everyMs * (0.5 + this.#random.next()), signal);
        if (signal.aborted) return;
        await victim.strike();
        this.kills[victim.name] = (this.kills[victim.name] ?? 0) + 1;
      }
    }
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const until = Date.now() + ms;
    await waitFor(() => signal.aborted || Date.now() >= until, { what: 'the next blow', timeoutMs: ms + 60_000, everyMs: 50 });
  }
}
