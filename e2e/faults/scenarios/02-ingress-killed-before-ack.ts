import { isAccepted } from '@stellwerk/testing/rig';
import { crashAt } from '../crash.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const TIMES = 5;

/** Nothing durable has the hook, and nobody was told that it has. */
export const ingressKilledBeforeAck: Scenario = {
  number: 2,
  title: 'ingress killed before PubAck',
  setup: SINGLE,
  async run({ rig, check, did }) {
    const [ingress] = rig.service('ingress');
    for (let n = 0; n < TIMES; n += 1) {
      const given = rig.driver.make('one');
      await crashAt(rig, ingress!, 'ingress.before-publish', async () => {
        check(!isAccepted(await rig.driver.send(given)), 'a hook that nothing durable has was answered with a 2xx');
      });
      // Every second sender gives up, as GitHub does: what had no 2xx may be missing, and must not be half there.
      if (n % 2 === 0) await rig.driver.deliver(given);
    }
    did(`killed ingress ${TIMES} × before the stream had the hook; three senders repeated, two gave up`);
  },
};
