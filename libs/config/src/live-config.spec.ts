import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';
import type { ResourceSet } from '@stellwerk/flows';
import { ConfigFault, Metrics } from '@stellwerk/service-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigReport } from './config-report.js';
import { DirectoryWatcher } from './directory-watcher.js';
import { LiveConfig } from './live-config.js';
import { Secrets } from './secrets.js';

const environment = (name: string, branch = 'main'): string => `kind: Environment\nmetadata: { name: ${name} }\nspec: { branches: ${branch} }\n`;
const CONNECTION = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com", webhook: { secrets: [{ env: HOOK }] } }\n';
const secrets = new Secrets({ HOOK: 'x' });

describe('the config of a running service', () => {
  let dir: string;
  let watcher: DirectoryWatcher | undefined;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    dir = await mkdtemp(join(tmpdir(), 'stellwerk-live-'));
  });

  afterEach(async () => {
    watcher?.stop();
    watcher = undefined;
    vi.useRealTimers();
    vi.restoreAllMocks();
    await rm(dir, { recursive: true, force: true });
  });

  const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text);
  const start = (service: ServiceName = 'ingress', of = secrets, metrics = new Metrics()): Promise<LiveConfig> =>
    LiveConfig.load({ directory: dir, service, secrets: of, report: new ConfigReport(service, metrics) });
  const load = (): Promise<LiveConfig> => start();

  it('that is invalid at the start is refused with every fault, unset secrets too', async () => {
    await write('a.yaml', `${CONNECTION.replace('HOOK', 'UNSET')}---\nkind: Environment\nmetadata: { name: X }\nspec: { branch: main }\n`);
    const failure: unknown = await load().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigFault);
    expect((failure as ConfigFault).faults).toEqual([
      `${dir}/a.yaml:3:79: secret { env: UNSET } is not set`,
      `${dir}/a.yaml:6:19: expected a name of 1 to 40 characters out of a-z, 0-9 and -, got "X"`,
      `${dir}/a.yaml:7:9: unknown key "branch": did you mean "branches"?`,
    ]);
  });

  it('is not asked for secrets that the service does not need', async () => {
    await write('a.yaml', CONNECTION);
    await expect(start('router', new Secrets({}))).resolves.toBeInstanceOf(LiveConfig);
  });

  it('changes as one whole, and tells who listens', async () => {
    await write('a.yaml', environment('one'));
    const live = await load();
    const seen: string[][] = [];
    const end = live.resources.onChange((set) => seen.push(Object.keys(set.environments)));
    await write('b.yaml', environment('two'));
    await live.reload();
    await live.reload();
    end();
    await write('c.yaml', environment('three'));
    await live.reload();
    expect(seen).toEqual([['one', 'two']]);
    expect(Object.keys(live.resources.current().environments)).toEqual(['one', 'two', 'three']);
  });

  it('keeps the last valid set when a change is refused, says so once, and goes on when it is mended', async () => {
    await write('a.yaml', environment('one'));
    const live = await load();
    const before = live.resources.current();
    const said = vi.spyOn(Logger.prototype, 'error');
    await write('b.yaml', 'kind: Environment\nmetadata: { name: one }\nspec: {}\n');
    await live.reload();
    await live.reload();
    expect(live.resources.current()).toBe(before);
    expect(live.resources.lastError()).toMatchObject([{ line: 2, message: expect.stringContaining('already defined') as string }]);
    expect(said).toHaveBeenCalledTimes(1);
    await write('b.yaml', environment('two'));
    await live.reload();
    expect(live.resources.lastError()).toBeUndefined();
    expect(Object.keys(live.resources.current().environments)).toEqual(['one', 'two']);
  });

  it('refuses a change that names a secret which is not set, until it is', async () => {
    const env: Record<string, string> = {};
    await write('a.yaml', environment('one'));
    const live = await start('ingress', new Secrets(env));
    await write('b.yaml', CONNECTION);
    await live.reload();
    expect(live.resources.lastError()).toMatchObject([{ message: 'secret { env: HOOK } is not set' }]);
    env.HOOK = 'now';
    await live.reload();
    expect(live.resources.current().connections).toHaveProperty('github');
  });

  it('keeps the last valid set when the directory goes away', async () => {
    await write('a.yaml', environment('one'));
    const live = await load();
    await rm(dir, { recursive: true });
    await live.reload();
    expect(live.resources.current().environments).toHaveProperty('one');
    expect(live.resources.lastError()).toMatchObject([{ message: 'does not exist' }]);
  });

  it('keeps the last valid set when the directory is emptied, until a file says that nothing is meant', async () => {
    await write('a.yaml', environment('one'));
    const live = await load();
    await rm(join(dir, 'a.yaml'));
    await live.reload();
    expect([Object.keys(live.resources.current().environments), live.resources.lastError()]).toMatchObject([['one'], [{ file: dir, severity: 'error' }]]);
    await write('none.yaml', '# nothing');
    await live.reload();
    expect([live.resources.current().environments, live.resources.lastError()]).toEqual([{}, undefined]);
  });

  it('begins with nothing where an empty directory is all there ever was', async () => {
    const live = await load();
    await live.reload();
    expect([live.resources.current().flows, live.resources.lastError()]).toEqual([{}, undefined]);
  });

  it('measures a refusal and says it again when it lasts', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const metrics = new Metrics();
    const value = async (name: string): Promise<number> => (await metrics.registry.getSingleMetric(`stellwerk_ingress_config_${name}`)!.get()).values[0]!.value;
    await write('a.yaml', environment('one'));
    const live = await start('ingress', secrets, metrics);
    const said = vi.spyOn(Logger.prototype, 'error');
    vi.advanceTimersByTime(60_000);
    await write('a.yaml', 'kind: Nothing\n');
    await live.reload();
    vi.advanceTimersByTime(500_000);
    await live.reload();
    expect([await value('refused'), await value('refused_seconds'), await value('in_force_seconds'), said.mock.calls.length]).toEqual([1, 500, 560, 1]);
    vi.advanceTimersByTime(100_000);
    await live.reload();
    expect(said.mock.calls.map(([fields]) => (fields as { forSeconds: number }).forSeconds)).toEqual([0, 600]);
    await write('a.yaml', environment('two'));
    await live.reload();
    expect([await value('refused'), await value('refused_seconds'), await value('in_force_seconds')]).toEqual([0, 0, 0]);
  });

  const nextSet = (live: LiveConfig): Promise<ResourceSet> =>
    new Promise((resolve) => {
      const end = live.resources.onChange((set) => {
        end();
        resolve(set);
      });
    });

  it('is read again after a change of a file', async () => {
    await write('a.yaml', environment('one'));
    const live = await load();
    watcher = new DirectoryWatcher(dir, () => live.reload(), { settleMs: 20, recheckMs: 60_000 });
    watcher.start();
    const changed = nextSet(live);
    await write('a.yaml', environment('two'));
    expect(Object.keys((await changed).environments)).toEqual(['two']);
  });

  it('is read again after the swap of a ConfigMap', async () => {
    await mkdir(join(dir, '..v1'));
    await write('..v1/a.yaml', environment('one'));
    await symlink('..v1', join(dir, '..data'));
    await symlink('..data/a.yaml', join(dir, 'a.yaml'));
    const live = await load();
    watcher = new DirectoryWatcher(dir, () => live.reload(), { settleMs: 20, recheckMs: 60_000 });
    watcher.start();
    const changed = nextSet(live);
    await mkdir(join(dir, '..v2'));
    await write('..v2/a.yaml', environment('two'));
    await symlink('..v2', join(dir, '..data_tmp'));
    await rename(join(dir, '..data_tmp'), join(dir, '..data'));
    expect(Object.keys((await changed).environments)).toEqual(['two']);
  });

  it('is read again without any event, now and then', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'stellwerk-linked-'));
    await writeFile(join(elsewhere, 'a.yaml'), environment('one'));
    await symlink(join(elsewhere, 'a.yaml'), join(dir, 'a.yaml'));
    const live = await load();
    watcher = new DirectoryWatcher(dir, () => live.reload(), { settleMs: 20, recheckMs: 50 });
    watcher.start();
    const changed = nextSet(live);
    await writeFile(join(elsewhere, 'a.yaml'), environment('two'));
    expect(Object.keys((await changed).environments)).toEqual(['two']);
    await rm(elsewhere, { recursive: true });
  });
});
