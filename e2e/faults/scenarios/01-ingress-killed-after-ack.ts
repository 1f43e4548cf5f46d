import { isAccepted } from '@stellwerk/testing/rig';
import { crashAt } from '../crash.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const TIMES = 5;

/** The stream has the hook, its sender has no answer and sends it again. */
export const ingressKilledAfterAck: Scenario = {
  number: 1,
  title: 'ingress killed between PubAck and 2xx, sender repeats',
  setup: SINGLE,
  quick: true,
  async run({ rig, full, check, did }) {
    const [ingress] = rig.service('ingress');
    const times = full ? TIMES : 2;
    for (let n = 0; n < times; n += 1) {
      const delivery = rig.driver.make('one');
      await crashAt(rig, ingress!, 'ingress.after-publish', async () => {
        check(!isAccepted(await rig.driver.send(delivery)), 'the sender was to have no answer, and had a 2xx');
      });
      await rig.driver.deliver(delivery);
    }
    did(`killed ingress ${times} × after the stream had the hook; each was sent again until its 2xx`);
  },
};
