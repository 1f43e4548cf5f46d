import { expect } from 'vitest';
import { spawnNotifier } from './notifier-process.js';
import { toldRun, type NotifierWorld } from './notifier-world.js';

/** A notifier dies there while it carries out the run's message, and another takes over what it left. */
export const killNotifierAt = async (world: NotifierWorld, failpoint: string, flow: string): Promise<string> => {
  const run = toldRun(flow, 'failed');
  const first = await spawnNotifier(world.env, failpoint);
  await world.tell(run);
  const { signal } = await first.exited;
  if (signal !== 'SIGKILL') throw new Error(`the notifier did not die of ${failpoint}:\n${first.output()}`);
  expect(await world.rows(run.id)).toMatchObject([{ state: 'sending', attempts: 1 }]);
  // Its lease is a minute; it is over now.
  await world.database.query("UPDATE deliveries SET lease_until = now() WHERE state = 'sending'");
  const second = await spawnNotifier(world.env);
  await world.settled(run.id, 1);
  await second.stop();
  return run.id;
};
