import { flowResource, scanStep, testStep } from '@stellwerk/testing/rig';
import { waitFor } from '@stellwerk/testing';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endOf } from '../tools/load.ts';

/** The event was handled, or nearly; before it comes again, the flow it starts is another one. */
export const flowEdited: Scenario = {
  number: 31,
  title: 'flow edited between delivery and redelivery',
  setup: SINGLE,
  quick: true,
  async run({ rig, full, check, did, quiet }) {
    const [router] = rig.service('router');
    const points = full ? ['router.before-commit', 'router.after-commit', 'router.before-ack'] : ['router.after-commit'];
    for (const point of points) {
      // Whatever else comes to the router would kill it too early.
      await quiet();
      rig.put(flowResource('edited', { scan: scanStep() }));
      await router!.restart({ env: { FAILPOINT: point } });
      const delivery = rig.driver.make('edited');
      await rig.driver.deliver(delivery);
      await router!.dead(60_000);
      const early = await rig.query<{ revision: string }>('SELECT revision FROM router.runs WHERE id = $1', [delivery.run]);
      rig.put(flowResource('edited', { build: testStep(), scan: scanStep({ needs: ['build'], timeout: '5m' }) }));
      await router!.start();
      check(await endOf(rig, delivery) === 'succeeded', `${point}: the run did not succeed`);
      const runs = await waitFor(() => rig.query<{ revision: string; id: string }>('SELECT id, revision FROM router.runs WHERE id = $1', [delivery.run]), { what: 'the run' });
      check(runs.length === 1, `${point}: ${runs.length} runs`);
      check(early.length === 0 || early[0]!.revision === runs[0]!.revision, `${point}: the run has another revision than it started with`);
      const [row] = await rig.query<{ commands: number }>('SELECT count(*)::int AS commands FROM router.commands WHERE run = $1', [delivery.run]);
      check(row!.commands === (early.length === 0 ? 2 : 1), `${point}: ${row!.commands} commands`);
    }
    did(`killed the router at ${points.join(', ')} and gave the flow other steps before the event came again`);
  },
};
