import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ConfigFault } from '@stellwerk/service-kit';
import { startTestPostgres, tempDir, testDatabaseUrl, waitFor, type TempDir } from '@stellwerk/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, said, startConfig, stopAll, type StartedConfig } from '../spec/config-rig.js';
import { packFiles } from './pack-files.js';
import { SetKeeper } from './set-keeper.js';

const environment = (name: string): string => `kind: Environment\nmetadata: { name: ${name} }\nspec: { branches: main }\n`;
const CONNECTION = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com", webhook: { secrets: [{ env: KEPT_HOOK }] } }\n';
const BROKEN = 'kind: Environment\nmetadata: { name: one }\nspec: { branch: main }\n';
const FAULT = expect.stringMatching(/a\.yaml:3:9: unknown key "branch"/) as string;
const ENV = { KEPT_HOOK: 'the value of the secret' };

describe('the last valid configuration', () => {
  let databaseUrl: string;
  let home: TempDir;
  let dir: string;

  beforeAll(async () => {
    databaseUrl = await testDatabaseUrl();
    await migrate(databaseUrl);
  });

  beforeEach(async () => {
    home = await tempDir('kept');
    dir = join(home.path, 'config');
    await mkdir(dir);
    said.length = 0;
  });

  afterEach(async () => {
    await stopAll();
    await home.remove();
  });

  const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text);
  const start = (change: { directory?: string; env?: Record<string, string | undefined>; databaseUrl?: string } = {}): Promise<StartedConfig> =>
    startConfig({ databaseUrl, directory: dir, env: ENV, ...change });
  const keptRevision = async (service: StartedConfig, directory = dir): Promise<string | undefined> => (await service.kept.newest(directory))?.revision;
  const whenKept = (service: StartedConfig): Promise<unknown> =>
    waitFor(async () => await keptRevision(service) === service.resources.current().revision, { what: 'the set to be kept' });
  const names = ({ resources }: StartedConfig): string[] => Object.keys(resources.current().environments);
  const faultsOf = async (starting: Promise<unknown>): Promise<readonly string[]> => {
    const failure: unknown = await starting.then(() => undefined, (error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigFault);
    return (failure as ConfigFault).faults;
  };

  /** A service ran with one environment, `one`, and a door for GitHub. */
  const ranBefore = async (): Promise<void> => {
    await write('a.yaml', `${environment('one')}---\n${CONNECTION}`);
    const service = await start();
    await whenKept(service);
    await service.stop();
  };

  it('outlives a restart beside a broken edit, loudly, until the files are mended', async () => {
    await ranBefore();
    await write('a.yaml', BROKEN);
    const service = await start();
    expect([names(service), Object.keys(service.resources.current().connections)]).toEqual([['one'], ['github']]);
    expect(service.resources.lastError()).toMatchObject([{ line: 3, column: 9 }]);
    expect(said.filter(({ event }) => event === 'config.refused')).toMatchObject([{ fields: { faults: [FAULT], inForce: service.resources.current().revision } }]);
    expect(await service.gauge('refused')).toBe(1);
    await write('a.yaml', environment('two'));
    await waitFor(() => names(service)[0] === 'two', { what: 'the mended files to be in force' });
    expect([service.resources.lastError(), await service.gauge('refused')]).toEqual([undefined, 0]);
    await whenKept(service);
  });

  it('is not replaced by a refused edit: restart after restart goes on with it', async () => {
    await ranBefore();
    await write('a.yaml', BROKEN);
    const first = await start();
    await first.stop();
    expect(names(await start())).toEqual(['one']);
  });

  it('does not help a first start: every fault is told', async () => {
    await write('a.yaml', BROKEN);
    await write('b.yaml', 'kind: Konnection\n');
    expect(await faultsOf(start())).toEqual([FAULT, expect.stringContaining('b.yaml:1:7: unknown kind')]);
  });

  it('of one directory never stands in for another one, and the same one may be named in another way', async () => {
    await ranBefore();
    const other = join(home.path, 'other');
    await mkdir(other);
    await writeFile(join(other, 'a.yaml'), BROKEN);
    expect(await faultsOf(start({ directory: other }))).toEqual([FAULT]);
    await write('a.yaml', BROKEN);
    expect(names(await start({ directory: `${dir}/` }))).toEqual(['one']);
    expect(names(await start({ directory: relative(process.cwd(), dir) }))).toEqual(['one']);
  });

  it('that this version cannot use is told of too, and not used', async () => {
    await ranBefore();
    const service = await start();
    const content = await packFiles(dir, [{ path: join(dir, 'a.yaml'), text: 'kind: Future\nmetadata: { name: one }\nspec: {}\n' }]);
    // Behind what this service may be about to write itself.
    await service.kept.keep(dir, { revision: 'from-later', content, ageSeconds: -60 });
    await service.stop();
    await write('a.yaml', BROKEN);
    expect(await faultsOf(start())).toEqual([FAULT, expect.stringMatching(/^of the last valid set, revision from-later: .*a\.yaml:1:7: unknown kind "Future"/)]);
  });

  it('needs its secrets: one that is gone is told of', async () => {
    await ranBefore();
    await write('a.yaml', BROKEN);
    expect(await faultsOf(start({ env: { KEPT_HOOK: undefined } }))).toEqual([FAULT, expect.stringMatching(/^of the last valid set.*secret \{ env: KEPT_HOOK \} is not set$/)]);
    await write('a.yaml', CONNECTION);
    expect(await faultsOf(start({ env: { KEPT_HOOK: undefined } }))).toHaveLength(2);
  });

  it('holds no value of a secret', async () => {
    await ranBefore();
    const text = gunzipSync((await (await start()).kept.newest(dir))!.content).toString();
    expect(text).toContain('KEPT_HOOK');
    expect(text).not.toContain(ENV.KEPT_HOOK);
  });

  it('stays when the directory is missing, or empty as a missing mount is, and an empty file ends it', async () => {
    await ranBefore();
    await rm(dir, { recursive: true });
    const beside = await start();
    expect([names(beside), beside.resources.lastError()?.[0]?.message]).toEqual([['one'], 'does not exist']);
    await beside.stop();
    await mkdir(dir);
    const service = await start();
    expect([names(service), service.resources.lastError()?.[0]?.message]).toEqual([['one'], expect.stringContaining('expected at least one *.yaml file')]);
    await write('none.yaml', '');
    await waitFor(() => names(service).length === 0, { what: 'the empty file to be in force' });
    await whenKept(service);
    await service.stop();
    await rm(join(dir, 'none.yaml'));
    expect((await start()).resources.lastError()).toBeUndefined();
  });

  it('of a directory that nobody has used for 90 days goes, never the one in force, be it restored after a long pause', async () => {
    await ranBefore();
    await write('a.yaml', BROKEN);
    const other = await start();
    const { database } = other;
    await database.query("INSERT INTO kept_configs SELECT name, 'one', '', now(), now() - days * interval '1 day' FROM (VALUES ('/unused', 91), ('/used', 89)) AS row(name, days)");
    await database.query("UPDATE kept_configs SET confirmed_at = now() - interval '91 days' WHERE directory = $1", [dir]);
    await start();
    const left = async () => (await database.query<{ directory: string; days: number }>(
      "SELECT directory, extract(day FROM now() - confirmed_at)::int AS days FROM kept_configs WHERE directory IN ('/unused', '/used', $1) ORDER BY directory = $1", [dir])).map(({ directory, days }) => [directory, days]);
    await waitFor(async () => JSON.stringify(await left()) === JSON.stringify([['/used', 89], [dir, 0]]), { what: 'the unused one to be gone, and ours confirmed' });
    await waitFor(() => said.some(({ event }) => event === 'config.forgotten'), { what: 'the log to say what is gone' });
    expect(said.filter(({ event }) => event === 'config.forgotten').map(({ fields }) => fields['directories'])).toEqual([['/unused']]);
  });

  it('that was deleted between its reading and its confirmation is kept anew, as old as it was', async () => {
    await ranBefore();
    await write('a.yaml', BROKEN);
    const { kept, database } = await start();
    const keeper = new SetKeeper(kept, dir);
    await database.query("UPDATE kept_configs SET in_force_at = now() - interval '100 days' WHERE directory = $1", [dir]);
    const last = await keeper.last();
    await database.query('DELETE FROM kept_configs WHERE directory = $1', [dir]);
    keeper.start();
    const found = await waitFor(() => kept.newest(dir), { what: 'the set to be kept' });
    await keeper.stop();
    expect([found.revision, Math.round(found.ageSeconds / 86_400)]).toEqual([last!.revision, 100]);
  });

  it('outlives a swap of a ConfigMap with broken content and a restart, and the next swap is in force', async () => {
    const swap = async (version: string, text: string): Promise<void> => {
      await mkdir(join(dir, `..${version}`));
      await write(`..${version}/a.yaml`, text);
      await symlink(`..${version}`, join(dir, '..data_tmp'));
      await rename(join(dir, '..data_tmp'), join(dir, '..data'));
    };
    await swap('v1', environment('one'));
    await symlink('..data/a.yaml', join(dir, 'a.yaml'));
    const before = await start();
    await whenKept(before);
    await swap('v2', BROKEN);
    await waitFor(() => before.resources.lastError() !== undefined, { what: 'the swap to be refused' });
    await before.stop();
    const service = await start();
    expect(names(service)).toEqual(['one']);
    await swap('v3', environment('three'));
    await waitFor(() => names(service)[0] === 'three', { what: 'the mended swap to be in force' });
  });

  it('of a start beside a database that is away is kept when that is back; a broken start meanwhile is no first one', async () => {
    const postgres = await startTestPostgres();
    try {
      const url = await postgres.createDatabase();
      await migrate(url);
      const before = await start({ databaseUrl: url });
      await before.database.query('CHECKPOINT');
      await before.stop();
      await postgres.kill();
      await write('a.yaml', environment('one'));
      const service = await start({ databaseUrl: url });
      expect(names(service)).toEqual(['one']);
      await write('a.yaml', BROKEN);
      const failure: unknown = await start({ databaseUrl: url }).catch((error: unknown) => error);
      expect(failure).not.toBeInstanceOf(ConfigFault);
      expect((failure as Error).message).toMatch(/last valid set cannot be read.*unknown key "branch".*the database cannot be used/s);
      await waitFor(() => said.some(({ event }) => event === 'config.not-kept'), { what: 'the log to say that it is not kept' });
      await postgres.restart();
      await waitFor(async () => await keptRevision(service) === service.resources.current().revision, { what: 'the set to be kept' });
      expect(said.filter(({ event }) => event === 'config.not-kept')).toHaveLength(1);
    } finally {
      await stopAll();
      await postgres.stop();
    }
  }, 120_000);
});
