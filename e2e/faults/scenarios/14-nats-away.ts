import { underLoad, seconds } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const AWAY_SECONDS = { full: 300, quick: 15 };

/** Long enough that every patience of ours ends: the spool takes each hook, and gives it on once. */
export const natsAway: Scenario = {
  number: 14,
  title: 'NATS away 5 min: the spool takes every hook, drained once each',
  setup: SINGLE,
  quietSeconds: 300,
  async run({ rig, full, check, did }) {
    const away = full ? AWAY_SECONDS.full : AWAY_SECONDS.quick;
    const before = rig.driver.ledger.counts();
    let spooled = 0;
    const made = await underLoad(rig, { flows: ['one', 'line'], perSecond: 2, duplicates: 0.1, repeat: true }, async () => {
      await seconds(2);
      await rig.nats.kill();
      await seconds(away);
      spooled = (await rig.query<{ n: number }>('SELECT count(*)::int AS n FROM ingress.spool'))[0]!.n;
      await rig.nats.restart();
      await seconds(2);
    });
    const after = rig.driver.ledger.counts();
    const refused = after.requests - before.requests - (after.accepted - before.accepted);
    check(refused === 0, `${refused} requests were not taken although Postgres was there: ${JSON.stringify(after.answers)}`);
    check(spooled > away, `only ${spooled} hooks lay in the spool after ${away} s`);
    did(`NATS was away for ${away} s under ${made.length} hooks; ${spooled} lay in the spool`);
  },
};
