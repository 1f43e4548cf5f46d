import { waitFor } from '@stellwerk/testing';
import { isAccepted, type LedgerLine } from '@stellwerk/testing/rig';
import { seconds } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const HOOKS = 8;

/** Nothing durable is there: nothing is promised, nobody dies, and everything comes back by itself. */
export const bothAway: Scenario = {
  number: 15,
  title: 'NATS and Postgres away: 503 only; recovers without restarts',
  setup: SINGLE,
  async run({ rig, full, check, did }) {
    const pids = (): number[] => rig.processes.map(({ pid }) => pid);
    const before = pids();
    await rig.driver.load({ flows: ['one', 'line'], count: HOOKS, connections: 4, repeat: true });
    await Promise.all([rig.nats.kill(), rig.postgres.kill()]);
    const door = `http://127.0.0.1:${rig.service('ingress')[0]!.doorPort}`;
    const lines: LedgerLine[] = [];
    const made = Array.from({ length: HOOKS }, () => rig.driver.make('one'));
    for (const delivery of made) lines.push(await rig.driver.send(delivery, door));
    check(lines.every(({ status }) => status === 503), `answers were ${lines.map(({ status, error }) => status ?? error).join(', ')}, expected was 503 only`);
    check(lines.every(({ ms }) => ms < 10_000), `the slowest 503 took ${Math.max(...lines.map(({ ms }) => ms))} ms; senders wait 10 s`);
    await seconds(full ? 20 : 3);
    await Promise.all([rig.nats.restart(), rig.postgres.restart()]);
    await waitFor(async () => isAccepted(await rig.driver.send(rig.driver.make('one'), door)), { what: 'the door to take hooks again', timeoutMs: 60_000, everyMs: 200 });
    for (const delivery of made) await rig.driver.deliver(delivery);
    check(JSON.stringify(pids()) === JSON.stringify(before), 'not every process lived through it');
    did(`killed NATS and Postgres with work in hand; ${HOOKS} hooks were answered 503 and sent again later`);
  },
};
