import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { deliveriesOf } from '../tools/broker.ts';
import { literals, mountSmallDisk, unmount } from '../tools/small-disk.ts';
import { endsOf, refusedBetween, underLoad, wait } from '../tools/load.ts';

/** Of a processor, while nothing can be written; what an idle service uses is a hundredth of it. */
const MOST_CPU = 0.25;
/** Whose tables lie on the disk that is full. */
const SCHEMAS = ['router', 'ingress', 'status', 'gitlab_connector'];
/** Deliveries a message may need over the whole outage. */
const MOST_DELIVERIES = 4;

const endSessions = (rig: Rig, whose: string): Promise<unknown> =>
  rig.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND ${whose}`).catch(() => undefined);

const readOnly = async (rig: Rig, on: boolean): Promise<void> => {
  const [row] = await rig.query<{ name: string }>('SELECT current_database() AS name');
  // Of a session that is read-only itself this transaction is not.
  await rig.query(`BEGIN READ WRITE; ALTER DATABASE ${row!.name} ${on ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'}; COMMIT`);
  // Sessions keep what they began with. In the end only ours are ended: the services have to find out by themselves.
  await endSessions(rig, on ? 'true' : "application_name = 'rig'");
};

/** All tables on a disk of a few megabytes, and then the rest of it used up. */
const fill = async (rig: Rig, dir: string): Promise<void> => {
  await rig.query(`CREATE TABLESPACE small LOCATION '${dir}'`);
  await rig.query(`DO $$ DECLARE t record; BEGIN FOR t IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN (${literals(SCHEMAS)}) LOOP EXECUTE format('ALTER TABLE %I.%I SET TABLESPACE small', t.schemaname, t.tablename); END LOOP; END $$`);
  await rig.query("CREATE TABLE public.filler (x text) TABLESPACE small");
  await rig.query("ALTER TABLE public.filler ALTER COLUMN x SET STORAGE PLAIN");
  for (let rows = 512; rows >= 1;) {
    await rig.query(`INSERT INTO public.filler SELECT repeat('x', 7000) FROM generate_series(1, ${rows})`).catch(() => { rows = Math.floor(rows / 2); });
  }
};

const unfill = async (rig: Rig): Promise<void> => {
  await rig.query('DROP TABLE public.filler');
  await rig.query('CHECKPOINT');
};

const moveBack = async (rig: Rig): Promise<void> => {
  await rig.query("DO $$ DECLARE t record; BEGIN FOR t IN SELECT schemaname, tablename FROM pg_tables WHERE tablespace = 'small' LOOP EXECUTE format('ALTER TABLE %I.%I SET TABLESPACE pg_default', t.schemaname, t.tablename); END LOOP; END $$");
  await rig.query('CHECKPOINT');
  await rig.query('DROP TABLESPACE small');
};

/** Every write fails, every connection works. */
export const postgresRefuses: Scenario = {
  number: 17,
  title: 'Postgres read-only, then its disk full: no hot loop',
  setup: SINGLE,
  async run({ rig, full, check, did, notRun, quiet }) {
    const seconds = full ? 30 : 12;
    const outage = async (what: string, begin: () => Promise<void>, end: () => Promise<void>): Promise<string> => {
      await rig.driver.load({ flows: ['one', 'scan'], count: 10, connections: 4 });
      await quiet();
      await begin();
      const [cpu, before] = [rig.processes.map((one) => one.cpuSeconds()), await deliveriesOf(rig, 'router-events')];
      const counts = rig.driver.ledger.counts();
      const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: 4, repeat: true }, () => wait(seconds * 1_000));
      const used = rig.processes.map((one, i) => ({ name: one.name, share: (one.cpuSeconds() - cpu[i]!) / seconds }));
      const after = await deliveriesOf(rig, 'router-events');
      await end();
      const refused = refusedBetween(counts, rig.driver.ledger.counts());
      check(refused === 0, `${what}: ${refused} of ${sent.length} hooks were refused, though NATS was there`);
      for (const { name, share } of used) check(share < MOST_CPU, `${what}: ${name} used ${Math.round(share * 100)} % of a processor while nothing could be written`);
      const taken = Math.max(1, after.messages - before.messages);
      check((after.deliveries - before.deliveries) / taken <= MOST_DELIVERIES, `${what}: ${after.deliveries - before.deliveries} deliveries of ${taken} events`);
      await quiet();
      const ends = await endsOf(rig, sent);
      check(ends.succeeded === sent.length, `${what}: runs ended ${JSON.stringify(ends)}`);
      return `${what} for ${seconds} s under ${sent.length} hooks (most busy: ${Math.max(...used.map(({ share }) => Math.round(share * 100)))} % CPU)`;
    };
    const done = [await outage('read-only', () => readOnly(rig, true), () => readOnly(rig, false))];
    const dir = join(rig.dir, 'small-disk');
    mkdirSync(dir, { recursive: true });
    const problem = await mountSmallDisk(rig, dir, SCHEMAS);
    if (problem === undefined) {
      try {
        done.push(await outage('disk full', () => fill(rig, join(dir, 'space')), () => unfill(rig)));
        await moveBack(rig);
      } finally {
        await unmount(dir);
      }
    } else {
      notRun(`disk full: ${problem}`);
    }
    if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
    did(done.join('; '));
  },
};
