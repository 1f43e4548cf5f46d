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
 * A notifier dies there while it carries out the messages of all these runs, each told on one channel: one death for many, as
 * a start is what costs. The channels are held back until all messages are written down.
 */
export const killAmid = async (world: NotifierWorld, failpoint: string, runs: Readonly<Record<string, RunSnapshot>>): Promise<void> => {
  const { database } = world;
  const told = Object.values(runs);
  const one = await spawnNotifier({ ...world.env, NOTIFIER_CONCURRENCY: String(told.length) }, `${failpoint}:together@${told.length}`);
  await database.query("INSERT INTO channel_gates SELECT unnest($1::text[]), now() + interval '1 hour'", [Object.keys(runs)]);
  for (const run of told) await world.tell(run);
  await waitFor(async () => (await Promise.all(told.map(({ id }) => world.rows(id)))).every((rows) => rows.length === 1) || undefined, { what: 'a message for each run' });
  await database.query('DELETE FROM channel_gates');
  await diedOf(world, one);
};
