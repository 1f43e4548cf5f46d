import { underLoad, seconds } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';

const TIMES = 3;

/** All three servers die in one moment and come back with what they had on disk. */
export const allNatsKilled: Scenario = {
  number: 13,
  title: 'all NATS killed at once',
  setup: TRIPLE,
  quietSeconds: 300,
  async run({ rig, random, full, did }) {
    const times = full ? TIMES : 1;
    const made = await underLoad(rig, { flows: ['one', 'line'], perSecond: 5, duplicates: 0.05, repeat: true }, async () => {
      for (let n = 0; n < times; n += 1) {
        await seconds(2);
        await rig.nats.killAll();
        await seconds(1 + random.next() * 4);
        await rig.nats.restartAll();
        await seconds(3);
      }
    });
    did(`killed all three NATS servers ${times} × under ${made.length} hooks`);
  },
};
