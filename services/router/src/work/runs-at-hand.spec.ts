import type { RunRecord } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { RunsAtHand } from './runs-at-hand.js';

const run = (id: string, flow: string, fact: string, version = 1): RunRecord => ({ id, flow, version, event: { fact } }) as RunRecord;
const END = 'https://git/a/b/pipelinerun/7';
const ended = (id: string, at: string, jobsFinishedAt?: string): RunRecord => ({ id, flow: 'f', version: 1, event: { fact: `${END}/${at}`, jobsFinishedAt } }) as RunRecord;

describe('the runs of one transaction', () => {
  it('start once per flow and fact, also when an edit moved the trigger and with it the id', () => {
    const all = new RunsAtHand();
    expect([all.start(run('1', 'f', 'a')), all.start(run('1', 'f', 'a')), all.start(run('2', 'f', 'a')), all.start(run('3', 'f', 'b'))]).toEqual([true, false, false, true]);
    expect(all.started.map(({ id }) => id)).toEqual(['1', '3']);
  });

  it('start once per flow and end of the jobs, whoever of those that tell one end knows it; a replay that starts again is another', () => {
    const all = new RunsAtHand();
    const starts = [ended('1', 't1/finished'), ended('2', 't1/finished', 'j1'), ended('3', 't2/finished', 'j1'), ended('4', 't2/finished'), ended('5', 't3/finished', 'j2'), ended('6', 't1/finished:again:9', 'j1')];
    expect(starts.map((one) => all.start(one))).toEqual([true, false, false, false, true, true]);
    expect(all.again.map(({ id }) => id)).toEqual(['2', '3', '4']);
  });

  it('of a join start by its round, not by the event that came last', () => {
    const all = new RunsAtHand();
    const joined = (id: string, cause: string): RunRecord => ({ ...ended(id, 't1/finished', 'j1'), cause });
    expect([all.start(ended('1', 't1/finished', 'j1')), all.start(joined('2', 'round-1')), all.start(joined('3', 'round-1')), all.start(joined('4', 'round-2'))]).toEqual([true, true, false, true]);
  });

  it('that are one by their jobs are inserted at one place, whatever their facts', () => {
    const order = (...runs: RunRecord[]): string[] => {
      const all = new RunsAtHand();
      for (const one of runs) all.start(one);
      return all.started.map(({ id }) => id);
    };
    expect(order(ended('1', 't1/finished', 'j1'), ended('2', 't3/finished', 'j2'))).toEqual(['1', '2']);
    expect(order(ended('3', 't2/finished', 'j2'), ended('4', 't4/finished', 'j1'))).toEqual(['4', '3']);
  });

  it('are not started when they are locked already', () => {
    const all = new RunsAtHand();
    all.load([run('1', 'f', 'a')]);
    expect(all.start(run('1', 'f', 'a'))).toBe(false);
    expect(all.started).toEqual([]);
  });

  it('are inserted in one order, whatever the order of their events', () => {
    const all = new RunsAtHand();
    for (const [id, flow, fact] of [['1', 'z', 'a'], ['2', 'b', 'y'], ['3', 'b', 'x']] as const) all.start(run(id, flow, fact));
    expect(all.started.map(({ id }) => id)).toEqual(['3', '2', '1']);
  });

  it('are written once: a new one as it is in the end, a locked one when it has changed', () => {
    const all = new RunsAtHand();
    all.load([run('old', 'f', 'a'), run('same', 'f', 'b')]);
    all.start(run('new', 'f', 'c'));
    all.change(run('new', 'f', 'c', 2));
    all.change(run('old', 'f', 'a', 5));
    all.change(run('old', 'f', 'a', 6));
    expect(all.started.map(({ version }) => version)).toEqual([2]);
    expect(all.changed.map(({ id, version }) => [id, version])).toEqual([['old', 6]]);
  });
});
