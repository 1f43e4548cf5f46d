import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness.js';

const away = (): void => {
  throw new Error('away');
};
const here = (): void => {};

const readinessWith = (nats: () => void, database: () => void): Readiness => {
  const readiness = new Readiness();
  readiness.register('nats', nats);
  readiness.register('topology', nats);
  readiness.register('database', database);
  return readiness;
};

describe('readiness', () => {
  it('needs every check', async () => {
    expect(await readinessWith(here, away).report()).toEqual({ ready: false, checks: { nats: 'ok', topology: 'ok', database: 'away' } });
    expect((await readinessWith(here, here).report()).ready).toBe(true);
  });

  it.each([
    ['both', here, here, true], ['one', here, away, true], ['the other', away, here, true], ['neither', away, away, false],
  ] as const)('may need one of two: %s is there', async (_, nats, database, ready) => {
    const readiness = readinessWith(nats, database);
    readiness.oneOf(['nats', 'topology'], ['database']);
    expect((await readiness.report()).ready).toBe(ready);
    readiness.register('shutdown', away);
    expect((await readiness.report()).ready).toBe(false);
  });

  it('takes a check that hangs for one that fails', async () => {
    const readiness = new Readiness();
    readiness.register('database', () => new Promise(() => {}));
    expect(await readiness.report()).toEqual({ ready: false, checks: { database: 'no answer within 1500 ms' } });
  });
});
