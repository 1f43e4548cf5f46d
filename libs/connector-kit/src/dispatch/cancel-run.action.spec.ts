import 'reflect-metadata';
import type { Command } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { CancelRunAction } from './cancel-run.action.js';
import type { Dispatch } from './dispatch.types.js';

const STARTED = '0d2f3c1e-0000-4000-8000-000000000000:b:run:1';

/** A cancel of `STARTED`, of which that is known; what was done, in order. The platform knows every run but 99. */
const cancel = async (dispatch: Partial<Dispatch> | undefined, platformRun?: string, action = 'trigger-pipeline') => {
  const done: string[] = [];
  const adapter = {
    actions: [{ name: 'trigger-pipeline', target: () => ({ repository: 'acme/shop' }) }],
    describe: async (_calls: unknown, _target: unknown, id: string) => (id === '99' ? undefined : { id, repository: 'acme/shop', attempt: 1 }),
    cancel: async (_calls: unknown, { runId, handle }: { runId?: string; handle?: string }) => void done.push(`ended ${runId ?? handle}`),
  };
  const known = dispatch && { commandId: STARTED, command: { action, with: {}, platform: 'gitlab' }, trace: {}, ...dispatch };
  const tables = { find: async () => known, withdraw: async () => done.push('withdrawn') > 0 };
  const intents = { cancelled: async () => done.push('foreseen') > 0 };
  const relay = { enqueue: async () => ({}), publish: async () => undefined };
  const database = { transaction: async (work: (tx: unknown) => unknown) => work({}) };
  const subject = new CancelRunAction({ of: () => adapter } as never, tables as never, intents as never, database as never, relay as never);
  const command: Partial<Command> = { run: 'r', flow: 'f', step: 'b', purpose: 'cancel', n: 1, connection: 'gitlab', platform: 'gitlab', with: {}, cancels: STARTED, platformRun };
  const sent = await subject.send({ command, calls: {}, beforeSend: async () => undefined, trace: {} } as never);
  return [...done, sent.kind];
};

const run = { id: '1', repository: 'acme/shop', attempt: 1 };

describe('a cancel', () => {
  it.each([
    ['of one that waits withdraws it', { state: 'PENDING' }, undefined, ['withdrawn', 'accepted']],
    ['of one that runs ends its run', { state: 'TRIGGERED', run }, undefined, ['ended 1', 'accepted']],
    ['that names the run of its command ends it once', { state: 'TRIGGERED', run }, '1', ['ended 1', 'accepted']],
    ['that names another run ends both', { state: 'TRIGGERED', run }, '77', ['ended 77', 'ended 1', 'accepted']],
    ['that names a run withdraws the command first', { state: 'PENDING' }, '77', ['withdrawn', 'ended 77', 'accepted']],
    ['that names a run ends it whatever became of the command', { state: 'FAILED' }, '77', ['ended 77', 'accepted']],
    ['that names a run needs no handle', { state: 'UNKNOWN', handle: 'q1' }, '77', ['ended 77', 'accepted']],
    ['that names a run that is not there goes by the handle', { state: 'UNKNOWN', handle: 'q1' }, '99', ['ended q1', 'accepted']],
    ['that names a run that is not there waits for the command', { state: 'UNKNOWN' }, '99', ['not-started']],
    ['of one that never came is foreseen', undefined, undefined, ['foreseen', 'accepted']],
  ] as const)('%s', async (_, dispatch, platformRun, done) => {
    expect(await cancel(dispatch as Partial<Dispatch> | undefined, platformRun)).toEqual(done);
  });

  it('says of a run that is named for a command that was never taken that it cannot be ended', async () => {
    await expect(cancel(undefined, '77')).rejects.toThrow('never taken here: where run 77 is cannot be told');
  });
});
