import { crashAt } from './crash.ts';
import type { Scenario } from './scenario.ts';
import { SINGLE } from './setups.ts';

const TIMES = 4;
const HOOKS = 15;
/** Work comes in groups, so a point is reached less often than there are hooks. */
const LATEST_HIT = 6;

/** The router dies at these points, each time at a random hit while hooks of several flows come in. */
export const routerKilledAt = ({ number, title, failpoints, quick }: Pick<Scenario, 'number' | 'title' | 'quick'> & { failpoints: readonly string[] }): Scenario => ({
  number, title, quick, setup: SINGLE,
  async run({ rig, random, full, did }) {
    const [router] = rig.service('router');
    const times = full ? TIMES : 1;
    for (const failpoint of failpoints) for (let n = 0; n < times; n += 1) {
      await crashAt(rig, router!, `${failpoint}@${1 + random.integer(LATEST_HIT)}`, () =>
        rig.driver.load({ flows: ['one', 'line'], count: HOOKS, connections: 4, duplicates: 0.1, repeat: true }));
    }
    did(`killed the router ${times * failpoints.length} × at ${failpoints.join(' and ')} while ${HOOKS} hooks came in`);
  },
});
