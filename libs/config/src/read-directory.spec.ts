import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDirectory } from './read-directory.js';

describe('a config directory', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stellwerk-config-'));
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  const write = async (path: string, text: string | Uint8Array = path): Promise<void> => {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), text);
  };

  const paths = async (): Promise<string[]> => (await readDirectory(dir)).files.map(({ path }) => path.slice(dir.length + 1));

  it('is every YAML file at any depth, in order; tests and hidden entries are not in it', async () => {
    for (const path of ['b.yaml', 'a.yml', 'deep/er/c.yaml', 'b.test.yaml', 'readme.md', '.hidden.yaml', '.git/x.yaml', 'x.yaml.bak']) await write(path);
    expect(await paths()).toEqual(['a.yml', 'b.yaml', 'deep/er/c.yaml']);
  });

  it('may be mounted from a ConfigMap: links are followed, and its hidden versions are not read twice', async () => {
    await write('..2026_01/a.yaml', 'one');
    await symlink('..2026_01', join(dir, '..data'));
    await symlink('..data/a.yaml', join(dir, 'a.yaml'));
    expect((await readDirectory(dir)).files).toEqual([{ path: `${dir}/a.yaml`, text: 'one' }]);
  });

  it('may link to itself without end', async () => {
    await write('sub/a.yaml');
    await symlink('..', join(dir, 'sub', 'up'));
    expect(await paths()).toEqual(['sub/a.yaml']);
  });

  it('names what cannot be read', async () => {
    await symlink('nowhere', join(dir, 'broken.yaml'));
    await write('latin.yaml', Uint8Array.of(0x61, 0xff));
    const { files, faults } = await readDirectory(`${dir}/`);
    expect(files).toEqual([]);
    expect(faults.map(({ file, message }) => [file, message])).toEqual([
      [`${dir}/broken.yaml`, 'does not exist'], [`${dir}/latin.yaml`, 'expected text in UTF-8'],
    ]);
  });

  it('that is not there is a fault', async () => {
    expect((await readDirectory(join(dir, 'nope'))).faults).toMatchObject([{ file: join(dir, 'nope'), message: 'does not exist' }]);
  });

  it('may be one file', async () => {
    await write('a.yaml');
    expect((await readDirectory(join(dir, 'a.yaml'))).files).toHaveLength(1);
  });
});
