import type { ServiceName } from '@stellwerk/contracts';
import { flowResource, scanStep, shipStep, testStep, type RigResource, type ServiceProcess } from '@stellwerk/testing/rig';
import { join } from 'node:path';
import type { Scenario, ScenarioContext, Setup } from '../scenario.ts';
import { CLOSES_LATE, SHORT_WAITS } from '../setups.ts';
import { ROOT } from '../tools/broker.ts';
import { endsOf, refusedOf, underLoad, wait } from '../tools/load.ts';
import { buildOlder } from '../tools/older-version.ts';
import { addReplica, declareFrom, removeReplicas } from '../tools/side-by-side.ts';

/** A rig of its own: no proxy stands before the replicas that come and go. */
const VERSIONS: Setup = { key: 'versions', options: { env: { ...SHORT_WAITS, ...CLOSES_LATE } } };

const SERVICES: readonly ServiceName[] = ['ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'status'];

interface Older {
  commit: string;
  /** Beside the rig's own flows, which every version reads: what the one before this reads too. */
  resources: readonly RigResource[];
  flows: readonly string[];
}

const OLDERS: readonly Older[] = [
  // Before whole groups of messages shared one transaction: other statements, fewer columns, smaller consumers.
  { commit: '89621f4', resources: [], flows: ['one', 'scan', 'build', 'ship', 'line'] },
  // The first with places, waits, approvals and joins: runs of either version stand in one line and go on by the other's clocks.
  {
    commit: '7ca5d37',
    resources: [
      { kind: 'Environment', metadata: { name: 'prod' }, spec: { concurrency: 1 } },
      flowResource('queue', { scan: scanStep() }, { concurrency: { group: 'all', limit: 2, 'when-full': 'queue' } }),
      flowResource('pause', { pause: { wait: '2s' }, e2e: testStep({ needs: ['pause'] }) }),
      flowResource('deploy', { scan: scanStep(), ship: shipStep({ needs: ['scan'], environment: 'prod' }) }),
    ],
    flows: ['scan', 'line', 'queue', 'pause', 'deploy'],
  },
];

/** A deployment that is half done, done, and taken back: on the newer schema all the time. */
const thereAndBack = async ({ commit, resources, flows }: Older, { rig, full, check, did, notRun, quiet, say, expected }: ScenarioContext): Promise<void> => {
  const older = join(rig.dir, commit);
  resources.forEach((resource) => rig.put(resource));
  say(`  building ${commit} …`);
  const problem = await buildOlder(older, commit, SERVICES);
  if (problem !== undefined) return notRun(problem);
  // Neither older version writes down the history of a run.
  expected.historyless = true;
  const newer = rig.processes;
  const phases: string[] = [];
  const phase = async (what: string): Promise<void> => {
    await rig.front.refresh();
    await wait((full ? 20 : 8) * 1_000);
    phases.push(what);
  };
  const sent = await underLoad(rig.driver, { flows, perSecond: full ? 8 : 5 }, async () => {
    const olders: ServiceProcess[] = [];
    // Each version's services start only where streams and consumers are as it declares them; those that run go on.
    await declareFrom(rig, older);
    for (const service of SERVICES) olders.push(await addReplica(rig, service, older, commit));
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
    check(codes.every((code) => code === 0), `exit codes of ${commit} ${codes.join(', ')}`);
    await phase('the newer alone');
  });
  const refused = refusedOf(rig.driver, sent);
  check(refused === 0, `${refused} of ${sent.length} webhooks failed: ${JSON.stringify(rig.driver.ledger.counts().answers)}`);
  await quiet(180_000);
  const ends = await endsOf(rig, sent);
  check(ends.succeeded === sent.length, `runs beside ${commit} ended ${JSON.stringify(ends)}`);
  did(`${commit} and this version on one database and broker under ${sent.length} webhooks: ${phases.join(', ')}`);
};

export const twoVersions: Scenario = {
  number: 26,
  title: 'two versions side by side, then back',
  setup: VERSIONS,
  async run(context) {
    for (const older of OLDERS) await thereAndBack(older, context);
  },
};
