import { tempDir, type TempDir } from '@stellwerk/testing';
import { statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from './log-file.ts';

let dir: TempDir;
beforeEach(async () => { dir = await tempDir('log'); });
afterEach(() => dir.remove());

it('the tail is what the latest process wrote, not the one before', () => {
  const log = new LogFile(join(dir.path, 'router.log'));
  for (const text of ['first life\n', 'second life\n']) {
    const descriptor = log.open();
    writeSync(descriptor, text);
    log.close(descriptor);
  }
  expect(log.tail()).toBe('second life\n');
});

it('a log that grew too long is set aside, and the process goes on writing into the empty one', () => {
  const log = new LogFile(join(dir.path, 'router.log'));
  const descriptor = log.open();
  writeSync(descriptor, Buffer.alloc(21 * 1024 * 1024, 'x'));
  log.capSize();
  writeSync(descriptor, 'after\n');
  log.close(descriptor);
  expect(log.tail()).toBe('after\n');
  expect(statSync(`${log.path}.1`).size).toBe(21 * 1024 * 1024);
});
