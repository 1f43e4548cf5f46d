import { describe, expect, it } from 'vitest';
import { findBuild } from './find-build.js';

const since = 1_000_000;
const sought = { commandId: 'r:s:run:1', carrierName: 'STELLWERK_ID', carrier: false, since, user: 'Robot' };
const none = { handles: new Set<string>(), builds: new Set<number>() };
const carrying = (value: string) => [{ parameters: [{ name: 'STELLWERK_ID', value }] }];
const by = (userId: string) => [{ causes: [{ userId }] }];

describe('which build or queue item an unsettled start began', () => {
  it('is the one that carries our id, be it queued or built', () => {
    expect(findBuild([], [{ number: 1 }, { number: 2, actions: carrying('r:s:run:1') }], sought, none)).toMatchObject({ kind: 'build', build: { number: 2 } });
    expect(findBuild([{ id: 5, actions: carrying('r:s:run:1') }], [], sought, none)).toMatchObject({ kind: 'item', item: { id: 5 } });
  });

  it('is none other where the job declares our parameter', () => {
    expect(findBuild([{ id: 5, inQueueSince: since }], [{ number: 1, timestamp: since }], { ...sought, carrier: true }, none)).toEqual({ kind: 'absent' });
  });

  it('is the only free one since the call', () => {
    const builds = [{ number: 3, timestamp: since + 1, queueId: 9 }, { number: 2, timestamp: since + 1, queueId: 8 }, { number: 1, timestamp: since - 1, queueId: 7 }];
    expect(findBuild([], builds, sought, { handles: new Set(['9']), builds: new Set() })).toMatchObject({ kind: 'build', build: { number: 2 } });
    expect(findBuild([], builds, sought, { handles: new Set(), builds: new Set([2]) })).toMatchObject({ kind: 'build', build: { number: 3 } });
  });

  it('is none that another user started, however the name is spelled', () => {
    expect(findBuild([], [{ number: 1, timestamp: since, actions: by('alice') }], sought, none)).toEqual({ kind: 'absent' });
    expect(findBuild([], [{ number: 1, timestamp: since, actions: by('robot') }], sought, none)).toMatchObject({ kind: 'build' });
  });

  it('cannot be told between two', () => {
    expect(findBuild([{ id: 5, inQueueSince: since }], [{ number: 1, timestamp: since }], sought, none)).toEqual({ kind: 'cannot', count: 2 });
  });
});
