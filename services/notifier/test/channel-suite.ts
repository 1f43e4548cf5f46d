import type { RunSnapshot } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import { expect, it } from 'vitest';
import { toldRun, type NotifierWorld } from './notifier-world.js';

/** A receiver that can be made to fail, once each time it is asked to. */
export interface Receiver {
  /** The flow that tells it of failures. */
  flow: string;
  /** What it took that speaks of the run. */
  taken(run: RunSnapshot): unknown[];
  /** Takes nothing, and asks for another try. */
  putOff(): void;
  /** Takes nothing, and says that it is broken. */
  break(): void;
  /** Takes nothing, today or tomorrow; what the row's reason says then. */
  refuse(): RegExp;
  /** Takes it, and cuts the connection before anybody hears of that. */
  cut(): void;
  /** What a repetition does to people, after a cut. */
  afterCut: { state: 'unknown' | 'delivered'; attempts: number; taken: number };
}

const longAgo = "next_attempt_at = now() - interval '1 second'";

/** What every channel has to keep, whatever it speaks; the notifier runs in `world`. */
export const channelSuite = (world: () => NotifierWorld, receiver: () => Receiver): void => {
  /** Told to the channel, and what became of it; tries that wait for their time are made at once. */
  const outcomeOf = async (run: RunSnapshot) => {
    await world().tell(run);
    return waitFor(async () => {
      await world().database.query('DELETE FROM channel_gates');
      await world().database.query(`UPDATE deliveries SET ${longAgo} WHERE run = $1 AND state = 'pending' AND attempts > 0`, [run.id]);
      const [row] = await world().rows(run.id);
      return row && row.state !== 'pending' && row.state !== 'sending' ? row : undefined;
    }, { what: `the outcome of ${run.id}`, timeoutMs: 20_000 });
  };
  // Each on a branch of its own, as some receivers make one of what failed on the same.
  const failed = (): RunSnapshot => {
    const run = toldRun(receiver().flow, 'failed');
    return { ...run, event: { ...run.event, branch: run.id } };
  };

  it('takes a message once, though it is told three times', async () => {
    const [run, marker] = [failed(), failed()];
    for (const again of [0, 1, 2]) await world().tell(run, { again });
    expect(await outcomeOf(marker)).toMatchObject({ state: 'delivered' });
    expect(await outcomeOf(run)).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(await world().rows(run.id)).toHaveLength(1);
    expect(receiver().taken(run)).toHaveLength(1);
  });

  it('gets it when it asked to wait', async () => {
    receiver().putOff();
    const run = failed();
    expect(await outcomeOf(run)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(receiver().taken(run)).toHaveLength(1);
  });

  it('gets it when it was broken', async () => {
    receiver().break();
    const run = failed();
    expect(await outcomeOf(run)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(receiver().taken(run)).toHaveLength(1);
  });

  it('is left alone when it refused, and the row says why', async () => {
    const why = receiver().refuse();
    const run = failed();
    expect(await outcomeOf(run)).toMatchObject({ state: 'dead', attempts: 1, reason: expect.stringMatching(why) });
    expect(receiver().taken(run)).toHaveLength(0);
  });

  it('is told no second time what it may have taken, unless it can tell that it is the same', async () => {
    receiver().cut();
    const run = failed();
    const { state, attempts, taken } = receiver().afterCut;
    expect(await outcomeOf(run)).toMatchObject({ state, attempts });
    expect(receiver().taken(run)).toHaveLength(taken);
  });
};
