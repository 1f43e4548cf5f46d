import { afterEach, expect, it } from 'vitest';
import { freshJournal, receiveHooks } from '../spec/hook-receiver.js';
import { FaultSwitch } from './faults.js';
import { HookSender } from './hooks.js';
import { Journal } from './journal.js';
import { listen } from './server.js';
import { Store } from './store.js';
import { Timers } from './timers.js';

/** A store whose disk takes its time: nothing that a kill would take back may be heard of outside before. */
class SlowStore extends Store {
  arrived: () => void = () => undefined;
  readonly #disk = new Promise<void>((resolve) => void (this.arrived = resolve));

  override saved(): Promise<void> {
    return this.#disk;
  }
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const parts = (): { journal: Journal; store: SlowStore; timers: Timers } => {
  const file = freshJournal();
  const made = { journal: new Journal(file), store: new SlowStore(`${file}.state`), timers: new Timers() };
  closing.push(() => made.timers.close(), () => made.store.close(), () => made.journal.close());
  return made;
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

it('an order is answered when what it changed is on disk', async () => {
  const { journal, store, timers } = parts();
  const server = await listen({
    name: 'any', journal, store, timers, faults: new FaultSwitch(),
    control: () => ({ status: 201 }),
    handle: () => ({ status: 404 }),
  }, [0]);
  closing.push(server.close);
  const answers: number[] = [];
  const asked = fetch(server.url, { method: 'POST', headers: { connection: 'close' } }).then(({ status }) => answers.push(status));
  await pause();
  expect(answers).toEqual([]);
  store.arrived();
  await asked;
  expect(answers).toEqual([201]);
});

it('a hook leaves when what it tells of is on disk', async () => {
  const { journal, store, timers } = parts();
  const receiver = await receiveHooks();
  const sender = new HookSender({ simulator: 'any', url: receiver.url, journal, store, timers, sign: () => ({}) });
  closing.push(() => sender.close(), () => receiver.close());
  sender.send({ event: 'push', about: 'it', body: {} });
  await pause();
  expect(receiver.hooks).toHaveLength(0);
  store.arrived();
  await expect.poll(() => receiver.hooks.length, { timeout: 10_000 }).toBe(1);
});
