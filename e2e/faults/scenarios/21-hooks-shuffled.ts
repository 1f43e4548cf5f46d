import type { HookFaults } from '@stellwerk/simulators';
import type { Random } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endsOf, underLoad, wait } from '../tools/load.ts';

const faults = (random: Random): HookFaults => ({
  ...(random.next() < 0.5 && { delay: 1 + random.integer(8), delayMs: 200 + random.integer(4_000) }),
  ...(random.next() < 0.5 && { duplicate: 1 + random.integer(6) }),
  ...(random.next() < 0.4 && { drop: 1 + random.integer(3) }),
  ...(random.next() < 0.6 && { reorder: 2 + random.integer(8), withinMs: 2_000 }),
});

/** Platforms promise no order, no completeness and no uniqueness of their hooks; the same end must come of it. */
export const hooksShuffled: Scenario = {
  number: 21,
  title: 'events shuffled, delayed, doubled and lost: same end',
  setup: SINGLE,
  quick: true,
  async run({ rig, random, full, check, did, quiet }) {
    let turns = 0;
    const sent = await underLoad(rig.driver, { flows: ['line', 'scan', 'build', 'ship'], perSecond: 4, duplicates: 0.2, reorder: 8 }, async () => {
      for (; turns < (full ? 60 : 20); turns += 1) {
        await wait(400);
        await random.pick(rig.platforms.all).hookFaults(faults(random));
      }
    });
    for (const platform of rig.platforms.all) await platform.clearHookFaults();
    await quiet(180_000);
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    const [row] = await rig.query<{ tries: number }>("SELECT count(*)::int AS tries FROM router.commands WHERE run = ANY($1) AND id ~ ':run:[2-9]'", [sent.map(({ run }) => run)]);
    check(row!.tries === 0, `${row!.tries} steps were tried again, though every pipeline succeeded`);
    did(`${sent.length} runs while hooks of all platforms were held back, reversed, doubled and dropped (${turns} changes of mood)`);
  },
};
