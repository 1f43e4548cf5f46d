import { DUPLICATE_WINDOW_SECONDS } from '@stellwerk/contracts';
import type { Delivery, Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';
import { isAccepted, endOf, wait } from '../tools/load.ts';

const TIMES = 100;

/** The same bytes to all three doors at once; how many had a 2xx. */
const hundred = async (rig: Rig, delivery: Delivery): Promise<number> => {
  const doors = rig.service('ingress').map(({ doorPort }) => `http://127.0.0.1:${doorPort}`);
  const lines = await Promise.all(Array.from({ length: TIMES }, (_, n) => rig.driver.send(delivery, doors[n % doors.length])));
  return lines.filter(isAccepted).length;
};

/** What the broker forgets, the database does not. */
export const hundredAtOnce: Scenario = {
  number: 20,
  title: 'the same webhook × 100 at once to 3 ingress, again after a NATS restart and after the dedupe window',
  setup: TRIPLE,
  async run({ rig, full, check, did, quiet, say }) {
    const deliveries = [rig.driver.make('scan'), rig.driver.make('line')];
    const send = async (when: string): Promise<void> => {
      for (const delivery of deliveries) {
        const accepted = await hundred(rig, delivery);
        check(accepted === TIMES, `${when}: ${TIMES - accepted} of ${TIMES} were refused`);
      }
    };
    const began = Date.now();
    await send('at first');
    for (const delivery of deliveries) check(await endOf(rig, delivery) === 'succeeded', `the run of ${delivery.flow} did not succeed`);
    await rig.nats.killAll();
    await rig.nats.restartAll();
    await Promise.all(rig.processes.map((one) => one.ready()));
    await send('after the restart of NATS');
    if (full) {
      const left = (DUPLICATE_WINDOW_SECONDS + 5) * 1_000 - (Date.now() - began);
      say(`  waiting ${Math.round(left / 1_000)} s for the end of the dedupe window`);
      await wait(Math.max(0, left) + DUPLICATE_WINDOW_SECONDS * 1_000 / 2);
      await send('after the dedupe window');
    }
    await quiet();
    const [row] = await rig.query<{ runs: number }>('SELECT count(*)::int AS runs FROM router.runs WHERE id = ANY($1)', [deliveries.map(({ run }) => run)]);
    check(row!.runs === deliveries.length, `${row!.runs} runs, expected were ${deliveries.length}`);
    did(`2 webhooks × ${TIMES} to three doors at once; again after all NATS servers were killed${full ? '; again after the dedupe window' : ''}`);
  },
};
