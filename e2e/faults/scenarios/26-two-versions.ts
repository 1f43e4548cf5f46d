import type { ServiceName } from '@stellwerk/contracts';
import type { ServiceProcess } from '@stellwerk/testing/rig';
import { join } from 'node:path';
import type { Scenario, Setup } from '../scenario.ts';
import { ROOT } from '../tools/broker.ts';
import { endsOf, refusedOf, underLoad, wait } from '../tools/load.ts';
import { OLDER, buildOlder } from '../tools/older-version.ts';
import { addReplica, declareFrom, removeReplicas } from '../tools/side-by-side.ts';

/** A rig of its own: no proxy stands before the replicas that come and go. Doors close a second after they say so, as behind any load balancer. */
const VERSIONS: Setup = { key: 'versions', options: { env: { LOOKUP_GAP_MILLISECONDS: '1000', LOOKUP_QUIET_MILLISECONDS: '3000', SHUTDOWN_DELAY_SECONDS: '1' } } };

const SERVICES: readonly ServiceName[] = ['ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'status'];

/** A deployment that is half done, done, and taken back: on the newer schema all the time. */
export const twoVersions: Scenario = {
  number: 26,
  title: 'two versions side by side, then back',
  setup: VERSIONS,
  async run({ rig, full, check, did, notRun, quiet, say, expected }) {
    const older = join(rig.dir, 'older');
    say(`  building ${OLDER} …`);
    const problem = await buildOlder(older, OLDER, SERVICES);
    if (problem !== undefined) return notRun(problem);
    expected.historyless = true;
    const seconds = full ? 20 : 8;
    const newer = rig.processes;
    const flows = ['one', 'scan', 'build', 'ship', 'line'];
    const phases: string[] = [];
    const phase = async (what: string): Promise<void> => {
      await rig.front.refresh();
      await wait(seconds * 1_000);
      phases.push(what);
    };
    const sent = await underLoad(rig.driver, { flows, perSecond: full ? 8 : 5 }, async () => {
      const olders: ServiceProcess[] = [];
      // Each version's services start only where streams and consumers are as it declares them; those that run go on.
      await declareFrom(rig, older);
      for (const service of SERVICES) olders.push(await addReplica(rig, service, older, 'older'));
      await Promise.all(olders.map((one) => one.start()));
      await declareFrom(rig, ROOT);
      await phase('side by side');
      for (const one of newer) await one.term();
      await declareFrom(rig, older);
      await phase('back on the older');
      await declareFrom(rig, ROOT);
      await Promise.all(newer.map((one) => one.start()));
      await phase('side by side again');
      const codes = await removeReplicas(rig, olders);
      check(codes.every((code) => code === 0), `exit codes of the older version ${codes.join(', ')}`);
      await phase('the newer alone');
    });
    check(refusedOf(rig.driver, sent) === 0, `${refusedOf(rig.driver, sent)} of ${sent.length} webhooks failed: ${JSON.stringify(rig.driver.ledger.counts().answers)}`);
    await quiet(180_000);
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `runs ended ${JSON.stringify(ends)}`);
    did(`${OLDER} and this version on one database and broker under ${sent.length} webhooks: ${phases.join(', ')}`);
  },
};
