import type { RunSnapshot } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { spawnNotifier, type NotifierProcess } from './notifier-process.js';
import type { NotifierWorld } from './notifier-world.js';

/** It died at its failpoint, and nobody takes over what it left until `endLeases` says so. */
export const diedOf = async ({ database }: NotifierWorld, one: NotifierProcess): Promise<void> => {
  const { signal } = await one.exited;
  if (signal !== 'SIGKILL') throw new Error(`the notifier did not die at its failpoint:\n${one.output()}`);
  await database.query("UPDATE deliveries SET lease_until = now() + interval '1 hour' WHERE state = 'sending'");
};

/** A lease is a minute; it is over now, of this run or of all. */
export const endLeases = async ({ database }: NotifierWorld, run?: string): Promise<void> => {
  await database.query("UPDATE deliveries SET lease_until = now() WHERE state = 'sending' AND run = coalesce($1, run)", [run]);
};

/**
 * For each run, which is told on one channel, a notifier dies there while it carries out that message. They start side by
 * side, as a start is what costs; the channels are held back until all messages are written down.
 */
export const killEachAt = async (world: NotifierWorld, failpoint: string, runs: Readonly<Record<string, RunSnapshot>>): Promise<void> => {
  const { database } = world;
  const told = Object.values(runs);
  const processes = await Promise.all(told.map(() => spawnNotifier({ ...world.env, NOTIFIER_CONCURRENCY: '1' }, failpoint)));
  await database.query("INSERT INTO channel_gates SELECT unnest($1::text[]), now() + interval '1 hour'", [Object.keys(runs)]);
  for (const run of told) await world.tell(run);
  await waitFor(async () => (await Promise.all(told.map(({ id }) => world.rows(id)))).every((rows) => rows.length === 1) || undefined, { what: 'a message for each run' });
  await database.query('DELETE FROM channel_gates');
  await Promise.all(processes.map((one) => diedOf(world, one)));
};
