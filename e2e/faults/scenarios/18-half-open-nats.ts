import { waitFor } from '@stellwerk/testing';
import type { ServiceProcess } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endsOf, refusedOf, underLoad } from '../tools/load.ts';

/** Two unanswered pings of ten seconds, and the time to look. */
const NOTICED_MS = 45_000;

/** Ingress is ready on Postgres alone, so what it says of NATS is asked for. */
const hasNoticed = async (one: ServiceProcess): Promise<boolean> => {
  const { checks } = await (await fetch(`http://127.0.0.1:${one.managementPort}/readyz`, { signal: AbortSignal.timeout(3_000) })).json() as { checks: Record<string, string> };
  return checks.nats !== undefined && checks.nats !== 'ok';
};

/** The line is dead and nobody says so: not one byte comes through, nothing is closed. */
export const halfOpenNats: Scenario = {
  number: 18,
  title: 'half-open TCP to NATS',
  setup: SINGLE,
  quietSeconds: 240,
  async run({ rig, check, did }) {
    const starts = rig.processes.map((one) => one.starts);
    const dead = ['router', 'gitlab-connector', 'ingress'] as const;
    let noticed = 0;
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan', 'line'], perSecond: 4, repeat: true }, async () => {
      for (const service of dead) for (const line of rig.lines.between(service, 'nats')) line.swallow();
      const began = Date.now();
      await Promise.all(dead.map((service) => waitFor(() => hasNoticed(rig.service(service)[0]!), { what: `${service} to notice the dead line`, timeoutMs: NOTICED_MS, everyMs: 250 })));
      noticed = Math.round((Date.now() - began) / 1_000);
      for (const service of dead) for (const line of rig.lines.between(service, 'nats')) line.heal();
      await Promise.all(rig.processes.map((one) => one.ready()));
    });
    check(JSON.stringify(rig.processes.map((one) => one.starts)) === JSON.stringify(starts), 'a service was started again: it did not find its way back by itself');
    await waitFor(async () => (await endsOf(rig, sent)).succeeded === sent.length, { what: 'every run to succeed', timeoutMs: 120_000, everyMs: 500 });
    did(`swallowed every byte between NATS and ${dead.join(', ')}; noticed after ${noticed} s; ${sent.length} hooks meanwhile, ${refusedOf(rig.driver, sent)} of them needed more than one try`);
  },
};
