import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDir {
  path: string;
  remove(): Promise<void>;
}

/** A new empty folder; remove it in `afterAll`. */
export const tempDir = async (label = 'test'): Promise<TempDir> => {
  const path = await mkdtemp(join(tmpdir(), `stellwerk-${label}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
