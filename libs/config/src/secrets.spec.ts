import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, SecretUse } from '@stellwerk/flows';
import { PermanentError } from '@stellwerk/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFaults } from './secret-faults.js';
import { Secrets } from './secrets.js';

describe('secrets', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stellwerk-secrets-'));
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('come from variables and files, one line break at the end of a file aside', async () => {
    await writeFile(join(dir, 'key'), 'from file\n');
    const secrets = new Secrets({ NAME: ' from env ' });
    expect(secrets.resolve({ env: 'NAME' }).reveal()).toBe(' from env ');
    expect(secrets.resolve({ file: join(dir, 'key') }).reveal()).toBe('from file');
  });

  it('are read again when their file has changed', async () => {
    const secrets = new Secrets({});
    await writeFile(join(dir, 'key'), 'old');
    expect(secrets.resolve({ file: join(dir, 'key') }).reveal()).toBe('old');
    await writeFile(join(dir, 'key'), 'newer');
    expect(secrets.resolve({ file: join(dir, 'key') }).reveal()).toBe('newer');
  });

  it('are read again when their file has changed within the same tick of a coarse clock, to as many bytes', async () => {
    const secrets = new Secrets({});
    const tick = new Date();
    for (const text of ['first', 'other']) {
      await writeFile(join(dir, 'key'), text);
      await utimes(join(dir, 'key'), tick, tick);
      expect(secrets.resolve({ file: join(dir, 'key') }).reveal()).toBe(text);
    }
  });

  it.each([['not set', {}], ['empty', { NAME: '' }]])('that are %s are refused', (_name, env) => {
    expect(() => new Secrets(env).resolve({ env: 'NAME' })).toThrow(PermanentError);
  });

  it('in files that are missing or empty are refused', async () => {
    await writeFile(join(dir, 'empty'), '\n');
    expect(() => new Secrets({}).resolve({ file: join(dir, 'empty') })).toThrow(PermanentError);
    expect(() => new Secrets({}).resolve({ file: join(dir, 'none') })).toThrow('ENOENT');
  });

  it('of a connection are all that may verify; none is an empty list', () => {
    const secrets = new Secrets({ A: 'a', B: 'b', T: 't' });
    const connection = { webhook: { secrets: [{ env: 'A' }, { env: 'B' }], tokens: [{ env: 'T' }] } } as Connection;
    expect(secrets.webhookSecrets(connection)).toEqual({ secrets: ['a', 'b'], tokens: ['t'] });
    expect(secrets.webhookSecrets({} as Connection)).toEqual({ secrets: [], tokens: [] });
  });

  it('are asked of the service that needs them', () => {
    const use = (name: string, rest: Partial<SecretUse>): SecretUse => ({ ref: { env: name }, use: 'auth', file: 'a.yaml', line: 1, column: 1, ...rest });
    const uses = [use('HOOK', { use: 'webhook', platform: 'github' }), use('TOKEN', { platform: 'github' }), use('KEY', { use: 'action', platform: 'jenkins' }), use('SLACK', { use: 'channel' })];
    const missing = (service?: Parameters<typeof secretFaults>[2]): string[] =>
      secretFaults(uses, new Secrets({}), service).map(({ message }) => message.split(' ')[3]!);
    expect(missing({ service: 'ingress' })).toEqual(['HOOK']);
    expect(missing({ service: 'github-connector' })).toEqual(['TOKEN']);
    expect(missing({ service: 'jenkins-connector' })).toEqual(['KEY']);
    expect(missing({ service: 'notifier' })).toEqual(['SLACK']);
    expect(missing({ service: 'router' })).toEqual([]);
    expect(missing()).toEqual(['HOOK', 'TOKEN', 'KEY', 'SLACK']);
  });
});
