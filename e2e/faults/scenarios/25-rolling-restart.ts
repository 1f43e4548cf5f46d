import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';
import { waitFor } from '@stellwerk/testing';
import { endsOf, refusedOf, underLoad } from '../tools/load.ts';

/** Every process, one after the other, as a deployment does; senders notice nothing. */
export const rollingRestart: Scenario = {
  number: 25,
  title: 'rolling restart of everything under load: 0 failed webhooks',
  setup: TRIPLE,
  quietSeconds: 600,
  async run({ rig, full, check, did, quiet }) {
    const codes: (number | null)[] = [];
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan', 'line'], perSecond: full ? 10 : 3 }, async () => {
      for (const one of rig.processes) {
        codes.push(await one.term());
        await one.start();
        await rig.front.refresh();
      }
      for (let n = 0; n < rig.nats.size; n += 1) {
        await rig.nats.restart(n);
        // As an orchestrator does: the next one goes when the streams have their third copy back.
        await waitFor(async () => {
          const manager = await rig.nats.manager();
          const infos = await Promise.all(['HOOKS', 'EVENTS', 'COMMANDS'].map((name) => manager.streams.info(name)));
          return infos.every(({ cluster }) => cluster?.leader && cluster.replicas?.every(({ current, offline }) => current && !offline));
        }, { what: 'the streams to be whole', timeoutMs: 60_000, everyMs: 250 });
      }
    });
    check(refusedOf(rig.driver, sent) === 0, `${refusedOf(rig.driver, sent)} of ${sent.length} webhooks failed: ${JSON.stringify(rig.driver.ledger.counts().answers)}`);
    check(codes.every((code) => code === 0), `exit codes ${codes.join(', ')}`);
    await quiet(600_000);
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    did(`restarted ${codes.length} processes and ${rig.nats.size} NATS servers one after the other under ${sent.length} webhooks, of which ${refusedOf(rig.driver, sent)} failed`);
  },
};
