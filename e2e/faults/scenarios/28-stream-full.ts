import { waitFor } from '@stellwerk/testing';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { declare } from '../tools/broker.ts';
import { endsOf, refusedBetween, underLoad, wait } from '../tools/load.ts';

const ROOM_BYTES = 120_000;

/** A limit that an operator set too low: nothing that is stored may be dropped, nothing that comes may be lost. */
export const streamFull: Scenario = {
  number: 28,
  title: 'stream full',
  setup: SINGLE,
  quietSeconds: 240,
  async run({ rig, full, check, did, say }) {
    const manager = await rig.nats.manager();
    const seconds = full ? 45 : 20;
    const done: string[] = [];
    for (const name of ['HOOKS', 'EVENTS', 'COMMANDS']) {
      const { config, state } = await manager.streams.info(name);
      const counts = rig.driver.ledger.counts();
      const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: 6, repeat: true }, async () => {
        await manager.streams.update(name, { ...config, max_bytes: state.bytes + ROOM_BYTES });
        await wait(seconds * 1_000);
      });
      const { state: now } = await manager.streams.info(name);
      say(`  ${name}: ${state.messages} → ${now.messages} messages, first ${state.first_seq} → ${now.first_seq}`);
      await declare(rig);
      await waitFor(async () => (await endsOf(rig, sent)).succeeded === sent.length, { what: `every run to succeed after ${name} was full`, timeoutMs: 180_000, everyMs: 500 });
      const refused = refusedBetween(counts, rig.driver.ledger.counts());
      check(refused === 0, `${name} full: ${refused} times a webhook was refused, though Postgres could take it`);
      done.push(`${name} (${sent.length} hooks${now.first_seq > state.first_seq ? ', made room by itself' : ''})`);
    }
    did(`let ${done.join(', ')} run full for ${seconds} s each`);
  },
};
