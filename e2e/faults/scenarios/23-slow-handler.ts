import { ACK_WAIT_SECONDS } from '@stellwerk/contracts';
import pg from 'pg';
import type { Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { deliveriesOf, redeliveriesBetween } from '../tools/broker.ts';
import { endsOf, wait } from '../tools/load.ts';

/** Nobody can write there for so long; statements are given up after 30 s only. */
const locked = async (rig: Rig, table: string, ms: number, meanwhile: () => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: rig.databaseUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await Promise.all([meanwhile(), wait(ms)]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
};

/** A message in work is nobody else's, however long it takes. */
export const slowHandler: Scenario = {
  number: 23,
  title: 'handler slower than ack_wait',
  setup: SINGLE,
  async run({ rig, check, did, quiet }) {
    await quiet();
    const before = await deliveriesOf(rig, 'router-events');
    const seconds = ACK_WAIT_SECONDS + 6;
    let sent: Awaited<ReturnType<typeof rig.driver.load>> = [];
    await locked(rig, 'router.inbox', seconds * 1_000, async () => { sent = await rig.driver.load({ flows: ['one', 'scan'], count: 10, connections: 5 }); });
    await quiet();
    const after = await deliveriesOf(rig, 'router-events');
    const again = redeliveriesBetween(before, after);
    check(again === 0, `${again} messages were handed out again while somebody was at them`);
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    did(`held the router's handlers for ${seconds} s by a lock in Postgres (ack wait ${ACK_WAIT_SECONDS} s) with ${sent.length} hooks; ${again} redeliveries`);
  },
};
