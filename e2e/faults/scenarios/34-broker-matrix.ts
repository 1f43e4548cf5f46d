import { countsOf, gather, mark, quiet, startRig, violationsOf } from '@stellwerk/testing/rig';
import type { Scenario, ScenarioContext } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { isAccepted, underLoad, wait } from '../tools/load.ts';
import { BROKERS, brokerOf } from '../tools/nats-versions.ts';

const FLOWS = ['one', 'scan', 'build', 'ship', 'line'];

/** Load, a killed broker, a cut line, on one version of the broker; every invariant as for a scenario. */
const on = async (version: string, binary: string, { full, random, check }: ScenarioContext): Promise<string> => {
  const rig = await startRig({ ...SINGLE.options, seed: random.integer(1_000_000), nats: { nodes: 1, binary } });
  try {
    const running = (await rig.nats.connection()).info?.version;
    check(running === version, `nats-server says it is ${running}, expected ${version}`);
    const from = await mark(rig);
    const sent = await underLoad(rig.driver, { flows: FLOWS, perSecond: 6, repeat: true, duplicates: 0.1 }, async () => {
      await wait(full ? 6_000 : 2_000);
      await rig.nats.kill();
      await wait(1_000);
      await rig.nats.restart();
      await wait(full ? 6_000 : 2_000);
      for (const line of rig.lines.between('router', 'nats')) line.cut();
      await wait(2_000);
    });
    await quiet(rig, { timeoutMs: 180_000 });
    const facts = await gather(rig, from);
    for (const { invariant, text } of violationsOf(facts)) check(false, `${version}: ${invariant} ${text}`);
    const { runs, triggers, lost, doubled } = countsOf(facts);
    return `${version}: ${sent.length} webhooks, ${runs} runs, ${triggers} triggers, ${lost} lost, ${doubled} doubled`;
  } finally {
    await rig.close();
  }
};

/** The brokers an operator may have. The rig of the suite runs on, unused, as each version needs one of its own. */
export const brokerMatrix: Scenario = {
  number: 34,
  title: `broker matrix (${BROKERS.join(', ')})`,
  setup: SINGLE,
  async run(context) {
    const { rig, did, notRun, check } = context;
    const done: string[] = [];
    for (const version of BROKERS) {
      const found = await brokerOf(version);
      if ('problem' in found) notRun(found.problem);
      else done.push(await on(version, found.binary, context));
    }
    check(isAccepted(await rig.driver.send(rig.driver.make('one'))), 'the rig of the suite does not take hooks any more');
    did(done.join('; '));
  },
};
