import type { ServiceName } from '@stellwerk/contracts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endsOf } from '../tools/load.ts';
import { wrongClock } from '../tools/preload.ts';

const MINUTES = 10;
/** Who is early and who is late; the second round the other way round. */
const EARLY: readonly ServiceName[] = ['router', 'github-connector', 'status'];

/** Clocks of services only: on one machine NATS, Postgres and the platforms keep the machine's. */
export const wrongClocks: Scenario = {
  number: 29,
  title: 'clock ± 10 min',
  setup: SINGLE,
  async run({ rig, check, did, quiet }) {
    const done: string[] = [];
    for (const sign of [1, -1]) {
      for (const [name, replicas] of Object.entries(rig.services) as [ServiceName, (typeof rig.services)['router'] & object][]) {
        const minutes = EARLY.includes(name) ? sign * MINUTES : -sign * MINUTES;
        for (const replica of replicas) await replica.restart({ gently: true, env: wrongClock(rig, minutes * 60_000) });
      }
      await rig.front.refresh();
      const sent = await rig.driver.load({ flows: ['one', 'scan', 'build', 'ship', 'line'], count: 25, connections: 5, duplicates: 0.2 });
      await quiet(180_000);
      const ends = await endsOf(rig, sent);
      check(ends.succeeded === sent.length, `${sign > 0 ? '+' : '-'}${MINUTES} min: runs ended ${JSON.stringify(ends)}`);
      done.push(`${EARLY.join(', ')} ${sign * MINUTES} min, the others ${-sign * MINUTES} min: ${sent.length} runs`);
    }
    for (const one of rig.processes) await one.restart({ gently: true });
    await rig.front.refresh();
    did(`${done.join('; ')} (clocks of the services; NATS, Postgres and platforms on the machine's)`);
  },
};
