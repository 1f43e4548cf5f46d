import { ClientPool } from './client-pool.ts';
import { now } from './clock.ts';
import { Tally, type Sent, type Target } from './loops.ts';
import { RawClient } from './raw-client.ts';

const LOOK_MS = 10;
const LOOK = Buffer.from('GET /_bench/done HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 'latin1');

/** Keeps so many flows under way as `window` says: the platform tells how many are done. What comes through is the most there is. */
export const windowLoop = ({ target, platformPort, window, seconds }: {
  target: Target; platformPort: number; window: number; seconds: number;
}): Promise<Sent> => new Promise((resolve) => {
  const tally = new Tally();
  const pool = new ClientPool(target.ports, window);
  const platform = new RawClient(platformPort);
  const began = now();
  let before: number | undefined;
  const finish = (): void => {
    if (tally.open > 0) return;
    pool.close();
    platform.close();
    resolve(tally.sent((now() - began) / 1000));
  };
  const look = (): void => platform.send(LOOK, (_status, body) => {
    const { done } = JSON.parse(body) as { done: number };
    before ??= done;
    if (now() - began > seconds * 1000) return finish();
    for (let free = window - (tally.dueAt.length - (done - before)); free > 0; free -= 1) {
      tally.send(target, now(), (bytes, answered) => pool.send(bytes, answered), () => { if (now() - began > seconds * 1000) finish(); });
    }
    setTimeout(look, LOOK_MS);
  });
  look();
});
