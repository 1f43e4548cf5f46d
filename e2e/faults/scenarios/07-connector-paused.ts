import { waitFor } from '@stellwerk/testing';
import type { Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { TRIPLE } from '../setups.ts';

const HOOKS = 12;

/** The command that a process held when it was stopped is settled by another one. */
const othersFinish = (rig: Rig): Promise<true> => waitFor(async () => {
  const [row] = await rig.query<{ open: number }>("SELECT count(*)::int AS open FROM gitlab_connector.dispatches WHERE state <> 'TRIGGERED' OR run IS NULL");
  return row!.open === 0 || undefined;
}, { what: 'the other connectors to settle what the paused one held', timeoutMs: 90_000, everyMs: 200 });

/** Stopped right before the POST or right after it; when it goes on, its lease is long another's. */
export const connectorPaused: Scenario = {
  number: 7,
  title: 'connector paused past its lease, another takes over, the first goes on',
  setup: TRIPLE,
  async run({ rig, full, check, did }) {
    const points = ['connector.before-send:stop', 'connector.after-send:stop', 'connector.after-outcome:stop'];
    for (const [n, point] of (full ? points : points.slice(0, 1)).entries()) {
      const paused = rig.service('gitlab-connector')[n % 3]!;
      await paused.restart({ env: { FAILPOINT: point } });
      await rig.driver.load({ flows: ['scan'], count: HOOKS, connections: 6, repeat: true });
      await paused.stopped();
      await othersFinish(rig);
      paused.resume();
      check(await paused.isReady().then(() => paused.isRunning), `${paused.name} did not live on after its pause at ${point}`);
      await paused.ready();
    }
    did(`stopped one of three GitLab connectors at ${points.join(', ')} until the others had settled its commands, then let it go on`);
  },
};
