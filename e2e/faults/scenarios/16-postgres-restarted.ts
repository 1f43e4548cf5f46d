import { underLoad, seconds } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const TERMINATIONS = 25;

/** Backends end in the middle of transactions, the server restarts gently and by a crash. */
export const postgresRestarted: Scenario = {
  number: 16,
  title: 'Postgres restarted, backends terminated mid-transaction',
  setup: SINGLE,
  quietSeconds: 240,
  async run({ rig, full, did }) {
    const terminations = full ? TERMINATIONS : 8;
    let ended = 0;
    const made = await underLoad(rig, { flows: ['one', 'line'], perSecond: 5, duplicates: 0.05, repeat: true }, async () => {
      for (let n = 0; n < terminations; n += 1) {
        // Those in a transaction first: there a half-done thing could show.
        const rows = await rig.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'stellwerk-%' AND pid <> pg_backend_pid()
          ORDER BY (state LIKE '%transaction%' OR state = 'active') DESC, random() LIMIT 3`);
        ended += rows.length;
        await seconds(0.3);
      }
      await rig.postgres.restart();
      await seconds(3);
      await rig.postgres.kill();
      await seconds(full ? 5 : 1);
      await rig.postgres.restart();
      await seconds(2);
    });
    did(`terminated ${ended} backends, restarted Postgres and killed it, under ${made.length} hooks`);
  },
};
