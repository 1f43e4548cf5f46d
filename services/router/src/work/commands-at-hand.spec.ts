import type { Command } from '@stellwerk/contracts';
import type { EventContext } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { CommandsAtHand, type CommandAtHand } from './commands-at-hand.js';

const command = (id: string, more: Partial<CommandAtHand> = {}): CommandAtHand =>
  ({ id, run: 'run', purpose: 'run', origin: 'https://gitlab', repository: 'acme/x', state: 'sent', key: null, repeats: null, createdAt: 1, ...more });

const atHand = (...commands: CommandAtHand[]): CommandsAtHand => {
  const all = new CommandsAtHand();
  all.load(commands);
  return all;
};

describe('the commands of one transaction', () => {
  it.each([
    ['sent', 'accepted', true], ['sent', 'unknown', true], ['unknown', 'accepted', true], ['unknown', 'rejected', true],
    ['accepted', 'unknown', false], ['rejected', 'accepted', false], ['given-up', 'accepted', true], ['given-up', 'unknown', false],
  ] as const)('%s becomes %s: %s', (from, to, changes) => {
    const all = atHand(command('c', { state: from }));
    expect(all.settle('c', to) !== undefined).toBe(changes);
    expect(all.settled).toHaveLength(changes ? 1 : 0);
  });

  it('a later message of the same transaction sees what an earlier one has settled', () => {
    const all = atHand(command('c'));
    expect(all.behind('key', undefined)).toEqual([]);
    all.settle('c', 'accepted', { key: 'key' });
    expect(all.behind('key', undefined).map(({ id }) => id)).toEqual(['c']);
    expect(all.settle('c', 'unknown')).toBeUndefined();
    expect(all.settled).toEqual([{ id: 'c', run: 'run', state: 'accepted', key: 'key', repeats: undefined, reason: undefined }]);
  });

  it('an id of ours counts from the instance that its command was for', () => {
    const all = atHand(command('c'));
    const counts = (key: string): boolean => all.isFor('c', key);
    expect(['https://gitlab/acme/x/pipelinerun/1', 'https://gitlab.evil.example/acme/x/pipelinerun/1', 'https://github/acme/x/pipelinerun/1'].map(counts)).toEqual([true, false, false]);
    expect(all.isFor('nobody', 'https://gitlab/acme/x/pipelinerun/1')).toBe(false);
  });

  it('an echo settles its command, or adds the run that it started to a settled one', () => {
    const all = atHand(command('open'), command('done', { state: 'accepted' }), command('known', { state: 'accepted', key: 'its' }));
    expect(all.echoed('open', 'a')).toMatchObject({ id: 'open', state: 'accepted', key: 'a' });
    expect([all.echoed('done', 'b'), all.echoed('known', 'c'), all.echoed('nobody', 'd')]).toEqual([undefined, undefined, undefined]);
    expect(all.keyed).toEqual([{ id: 'done', key: 'b' }]);
  });

  it('what was given up may still be accepted in the same transaction, and is not given up after it', () => {
    const all = atHand(command('c', { state: 'unknown' }));
    all.giveUp('c', 'run');
    all.settle('c', 'accepted', { key: 'key' });
    all.giveUp('c', 'run');
    expect(all.settled).toMatchObject([{ id: 'c', state: 'accepted', key: 'key' }]);
  });

  it('one that was not read may be given up all the same, with a reason', () => {
    const all = atHand();
    all.giveUp('c', 'run');
    expect(all.settled).toEqual([{ id: 'c', run: 'run', state: 'given-up', reason: expect.any(String) }]);
  });

  it('the first command that started a run is its cause, by key or by its own id', () => {
    const all = atHand(command('late', { key: 'k', createdAt: 3 }), command('early', { key: 'k', createdAt: 2 }), command('named', { createdAt: 1 }));
    expect(all.behind('k', 'named').map(({ id }) => id)).toEqual(['named', 'early', 'late']);
    expect(all.behind(undefined, undefined)).toEqual([]);
  });

  it('an event goes back to what has started its run and to what has set it going again, as soon as that is known', () => {
    const all = atHand(command('starts', { key: 'k', state: 'accepted' }), command('repeats', { createdAt: 2 }), command('other', { repeats: { key: 'another', attempt: 2 } }));
    const causes = (attempt: number, more: Partial<EventContext> = {}): string[] => all.causes('k', { run: { id: '7', attempt }, ...more } as EventContext).map(({ id }) => id);
    expect(causes(2)).toEqual(['starts']);
    all.settle('repeats', 'accepted', { repeats: { key: 'k', attempt: 2 } });
    expect([causes(1), causes(2), causes(2, { causedBy: 'repeats' }), causes(3)]).toEqual([['starts'], ['starts', 'repeats'], ['starts', 'repeats'], ['starts']]);
    expect(all.settled).toMatchObject([{ id: 'repeats', repeats: { key: 'k', attempt: 2 } }]);
    expect(all.causes(undefined, {} as EventContext)).toEqual([]);
  });

  it('an end of a run is noted at what has set it going again, once', () => {
    const all = atHand(command('c', { repeats: { key: 'k', after: '2026-11-24T08:00:00Z' } }), command('starts', { key: 'k' }));
    const end = (key: string, at: string): void => all.hasEnded({ key, predicate: 'finished', jobsFinishedAt: at });
    end('another', '2026-11-24T08:01:00Z');
    end('k', '2026-11-24T08:00:00Z');
    expect(all.ended).toEqual([]);
    end('k', '2026-11-24T08:02:00Z');
    end('k', '2026-11-24T08:03:00Z');
    expect(all.ended).toEqual([{ id: 'c', repeats: { key: 'k', after: '2026-11-24T08:00:00Z', ended: '2026-11-24T08:02:00Z' } }]);
  });

  it('keeps what is to be sent', () => {
    const all = atHand();
    all.send({ id: 'new', command: { run: 'run' } as Command, target: { origin: 'o' } });
    expect(all.sent.map(({ id }) => id)).toEqual(['new']);
  });
});
