import { crashAt } from './crash.ts';
import type { Scenario } from './scenario.ts';
import { SINGLE } from './setups.ts';

const HOOKS = 6;
/** Work comes in groups, so a point is reached less often than there are commands. */
const LATEST_HIT = 3;
/** The flow whose one step is for this platform. */
const FLOW = { github: 'ship', gitlab: 'scan', jenkins: 'build' } as const;
const PLATFORMS = Object.keys(FLOW) as (keyof typeof FLOW)[];

/** Each connector dies at these points, at a random hit while it has several commands in hand. */
export const connectorKilledAt = ({ number, title, failpoints, quick }: Pick<Scenario, 'number' | 'title' | 'quick'> & { failpoints: readonly string[] }): Scenario => ({
  number, title, quick, setup: SINGLE,
  async run({ rig, random, full, did }) {
    const platforms = full ? PLATFORMS : [random.pick(PLATFORMS)];
    for (const failpoint of failpoints) for (const platform of platforms) {
      const [connector] = rig.service(`${platform}-connector`);
      await crashAt(rig, connector!, `${failpoint}@${1 + random.integer(LATEST_HIT)}`, () =>
        rig.driver.load({ flows: [FLOW[platform]], count: HOOKS, connections: 3, repeat: true }));
    }
    did(`killed the connectors of ${platforms.join(', ')} at ${failpoints.join(' and ')} with up to ${HOOKS} commands in hand`);
  },
});
