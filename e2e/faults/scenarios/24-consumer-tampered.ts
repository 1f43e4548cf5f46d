import { waitFor } from '@stellwerk/testing';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { declare, deliveriesOf } from '../tools/broker.ts';
import { endsOf, underLoad, wait } from '../tools/load.ts';

/** Deleted under load, and declared anew: everything ever published comes once more. */
export const consumerTampered: Scenario = {
  number: 24,
  title: 'consumer deleted or changed by an operator',
  setup: SINGLE,
  quietSeconds: 240,
  async run({ rig, full, check, did }) {
    const manager = await rig.nats.manager();
    const starts = rig.processes.map((one) => one.starts);
    const pause = full ? 8_000 : 3_000;
    let again = 0;
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: 8, repeat: true }, async () => {
      await wait(3_000);
      for (const [stream, consumer] of [['EVENTS', 'router-events'], ['COMMANDS', 'gitlab-connector-commands'], ['HOOKS', 'ingress-hooks']] as const) {
        const { delivered } = await manager.consumers.info(stream, consumer);
        await manager.consumers.delete(stream, consumer);
        await wait(pause);
        await declare(rig);
        await waitFor(async () => (await deliveriesOf(rig, consumer)).deliveries >= delivered.consumer_seq, { what: `${consumer} to take up its work`, timeoutMs: 120_000 });
        again += delivered.consumer_seq;
      }
      const changed = (await manager.consumers.info('EVENTS', 'status-events')).config;
      await manager.consumers.update('EVENTS', 'status-events', { ...changed, max_ack_pending: 1, ack_wait: 2_000_000_000 });
      await wait(pause);
      await declare(rig);
    });
    check(JSON.stringify(rig.processes.map((one) => one.starts)) === JSON.stringify(starts), 'a service was started again');
    await waitFor(async () => (await endsOf(rig, sent)).succeeded === sent.length, { what: 'every run to succeed', timeoutMs: 120_000, everyMs: 500 });
    did(`deleted router-events, gitlab-connector-commands and ingress-hooks under ${sent.length} hooks and declared them anew (${again} messages came again); changed status-events and back`);
  },
};
