import { tempDir, type TempDir } from '@stellwerk/testing';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockData } from './data-lock.ts';

let dir: TempDir;
beforeEach(async () => { dir = await tempDir('lock'); });
afterEach(() => dir.remove());

it('two starts on one data folder: the second is refused and names the first', () => {
  lockData(dir.path);
  expect(() => lockData(dir.path)).toThrow(`Stellwerk already runs on ${dir.path} (process ${process.pid})`);
});

it('a lock whose holder is dead is taken over', () => {
  writeFileSync(join(dir.path, 'start.lock'), JSON.stringify({ pid: process.pid, identity: 'before the reboot' }));
  const release = lockData(dir.path);
  release();
  expect(existsSync(join(dir.path, 'start.lock'))).toBe(false);
});
