import { underLoad, seconds } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';

const TIMES = 10;
const STREAMS = ['HOOKS', 'EVENTS', 'COMMANDS'] as const;

/** The server that leads a stream dies, ten times; the other two go on. */
export const natsLeaderKilled: Scenario = {
  number: 12,
  title: 'NATS leader killed under load × 10',
  setup: TRIPLE,
  quietSeconds: 300,
  async run({ rig, random, check, did }) {
    const before = rig.driver.ledger.counts();
    const made = await underLoad(rig, { flows: ['one', 'scan'], perSecond: 5, duplicates: 0.05, repeat: true }, async () => {
      for (let n = 0; n < TIMES; n += 1) {
        const leader = await rig.nats.leaderOf(STREAMS[n % STREAMS.length]!);
        await rig.nats.kill(leader);
        await seconds(1 + random.next() * 3);
        await rig.nats.restart(leader);
        await seconds(2);
      }
    });
    const answers = rig.driver.ledger.counts();
    const refused = answers.requests - before.requests - (answers.accepted - before.accepted);
    check(refused === 0, `${refused} requests were not answered with a 2xx, though two servers or the spool could take each`);
    did(`killed the leaders of ${STREAMS.join(', ')} in turn, ${TIMES} × under ${made.length} hooks`);
  },
};
