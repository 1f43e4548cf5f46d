import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';
import { stallable } from '../tools/preload.ts';
import { endsOf, refusedOf, underLoad, wait } from '../tools/load.ts';

const SECONDS = 20;

/** Processes that stand still for longer than their messages' ack clocks, and then go on as if nothing had been. */
export const stalled: Scenario = {
  number: 30,
  title: 'event loop blocked 20 s, SIGSTOP 20 s',
  setup: TRIPLE,
  quietSeconds: 240,
  async run({ rig, full, check, did, quiet }) {
    const services = ['ingress', 'router', 'gitlab-connector'] as const;
    const second = services.map((name) => rig.service(name)[1]!);
    for (const one of second) await one.restart({ gently: true, env: stallable(rig, SECONDS * 1_000) });
    await rig.front.refresh();
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan', 'line'], perSecond: full ? 10 : 6, repeat: true }, async () => {
      await wait(1_000);
      for (const name of services) rig.service(name)[0]!.pause();
      await wait(SECONDS * 1_000);
      for (const name of services) rig.service(name)[0]!.resume();
      await wait(2_000);
      for (const one of second) process.kill(one.pid, 'SIGUSR2');
      await wait((SECONDS + 2) * 1_000);
    });
    check(rig.processes.every(({ isRunning }) => isRunning), 'a process did not survive standing still');
    for (const one of second) await one.restart({ gently: true });
    await quiet(180_000);
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    did(`stopped one of three ${services.join(', ')} for ${SECONDS} s, then blocked the event loops of a second one each, under ${sent.length} webhooks (${refusedOf(rig.driver, sent)} sent more than once)`);
  },
};
