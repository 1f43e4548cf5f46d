import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { deliveriesOf, redeliveriesBetween } from '../tools/broker.ts';
import { endsOf, underLoad, wait } from '../tools/load.ts';

const CONSUMERS = ['ingress-hooks', 'router-events', 'gitlab-connector-commands', 'status-events'] as const;

/** Work is done and its ack never arrives, or arrives and its answer does not: the same message comes again. */
export const lostAcks: Scenario = {
  number: 19,
  title: 'lost ackAck',
  setup: SINGLE,
  quick: true,
  async run({ rig, random, full, check, did, quiet }) {
    const before = await Promise.all(CONSUMERS.map((name) => deliveriesOf(rig, name)));
    const gaps = full ? 60 : 25;
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: full ? 25 : 15, repeat: true }, async () => {
      for (let n = 0; n < gaps; n += 1) {
        await wait(50 + random.integer(150));
        const lines = rig.lines.between(random.pick(['ingress', 'router', 'gitlab-connector', 'status'] as const), 'nats');
        // Long enough for some work to be done whose ack goes nowhere, or is answered into nothing.
        const direction = random.pick(['up', 'down'] as const);
        for (const line of lines) line.swallow(direction);
        await wait(50 + random.integer(200));
        for (const line of lines) line.heal();
      }
    });
    await quiet(180_000);
    const after = await Promise.all(CONSUMERS.map((name) => deliveriesOf(rig, name)));
    const again = CONSUMERS.map((_, i) => redeliveriesBetween(before[i]!, after[i]!));
    check(again.reduce((sum, one) => sum + one, 0) > 0, 'not one ack was lost: the scenario proved nothing');
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    did(`lost what was on a line to NATS ${gaps} × under ${sent.length} hooks; ${CONSUMERS.map((name, i) => `${name} ${again[i]}`).join(', ')} redeliveries`);
  },
};
