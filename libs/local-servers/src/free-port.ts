import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range from which systems take ports for outgoing connections (Linux 32768, macOS 49152). In that range a port can
// be gone as soon as its server is down for a moment, and a client that tries again and again can even connect to itself.
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 100;

/** A loopback port nobody listens on right now, and that stays its server's while that is restarted. */
export const freePort = async (): Promise<number> => {
  for (let left = TRIES; left > 0; left -= 1) {
    const port = randomInt(FIRST, LAST);
    if (await portIsFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST}`);
};

/** Whether a server could listen there now. */
export const portIsFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
