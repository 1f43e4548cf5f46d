import { waitFor } from '@stellwerk/testing';
import { describe, expect, it } from 'vitest';
import { BackgroundWork } from './background-work.js';

describe('work in the background', () => {
  it('goes on after a failure, is woken, and ends with the round it is in', async () => {
    let rounds = 0;
    let ended = false;
    const work = new BackgroundWork('test', 20, async (signal) => {
      rounds += 1;
      if (rounds === 1) throw new Error('not yet');
      if (rounds === 3) await new Promise<void>((resolve) => signal.addEventListener('abort', () => { ended = true; resolve(); }));
    });
    work.start();
    await waitFor(() => rounds === 3, { what: 'the third round' });
    await work.stop();
    expect([rounds, ended]).toEqual([3, true]);
  });

  it('that is woken while it works begins once more at once', async () => {
    let rounds = 0;
    const work: BackgroundWork = new BackgroundWork('test', 60_000, async () => {
      rounds += 1;
      if (rounds === 1) work.wake();
    });
    work.start();
    await waitFor(() => rounds === 2, { what: 'the round after the wake' });
    await work.stop();
    expect(rounds).toBe(2);
  });
});
