import type { Rig, ServiceProcess } from '@stellwerk/testing/rig';

/** Lets a process die at a failpoint while `provoke` gives it work, and starts it again. */
export const crashAt = async (rig: Rig, doomed: ServiceProcess, failpoint: string, provoke: () => Promise<unknown>): Promise<void> => {
  await doomed.restart({ env: { FAILPOINT: failpoint } });
  await rig.front.refresh();
  await provoke();
  await doomed.dead();
  await doomed.start();
  await rig.front.refresh();
};
