import { describe, expect, it } from 'vitest';
import { World, event, flow, retry, step, undo } from '../../../test/planned-world.js';
import { SlotWorld } from '../../../test/slot-world.js';
import type { Flow } from '../../model.js';
import type { RunRecord } from '../run-record.js';
import type { HistoryEntry } from './entries.js';
import { faultsOfHistory } from './rebuild-run.js';

const GOOD = { lastGood: { run: { id: 'before' }, event: {}, env: { version: 'v1' }, deployedAt: '2026-11-23T00:00:00Z' } };
const back = undo({ version: '${{ environment.lastGood.env.version }}' });

const seconds = (world: World): void => { world.now = new Date(world.now.getTime() + 1_500); };

const STORIES: [string, () => World][] = [
  ['retries after failures, at times that dice decide', () => {
    const world = new World(flow([step('a', { retry: retry(3) })]));
    for (const [n, dice] of [[1, 0.123_456], [2, 0.9]] as const) {
      world.random = () => dice;
      world.ends(`run:a:run:${n}`, 'failure');
      world.strike(`a:run:${n}:retry`);
    }
    world.ends('run:a:run:3', 'success');
    return world;
  }],
  ['a rollback to what was good then, and a retry after it', () => {
    const world = new World(flow([step('deploy', { environment: 'production', rollback: back }), step('smoke', { needs: ['deploy'] })], { onFailure: 'rollback' }),
      { ledger: { production: GOOD }, environments: { production: {} } });
    world.ends('run:deploy:run:1', 'success');
    world.ends('run:smoke:run:1', 'failure');
    world.ends('run:deploy:rollback:1', 'success');
    expect(world.run.state).toBe('rolled-back');
    seconds(world);
    world.feed({ kind: 'retry', by: 'alice' });
    return world;
  }],
  ['a rollback that people order after the end', () => {
    const world = new World(flow([step('deploy', { environment: 'production', rollback: back })]), { ledger: { production: GOOD } });
    world.ends('run:deploy:run:1', 'success');
    seconds(world);
    world.feed({ kind: 'rollback', by: 'alice' });
    expect(world.run.state).toBe('rolling-back');
    return world;
  }],
  ['an UNKNOWN that a person settles, a cancel, and what is told after the end', () => {
    const world = new World(flow([step('a')]), { report: true });
    world.unknown('run:a:run:1');
    world.feed({ kind: 'resolve', step: 'a', ran: true, platformRun: '9', by: 'bob' });
    world.accepted('run:a:run:2', { id: '9' });
    world.feed({ kind: 'cancel', by: 'bob' });
    world.feed({ kind: 'accepted', result: { command: 'run:report:report:1' } });
    world.platform('run:a:run:1', 'finished', 'success');
    return world;
  }],
  ['a freeze, an approval and the votes of people', () => {
    const rules = { freeze: [{ from: '2026-11-24T07:00:00Z', to: '2026-11-24T12:00:00Z' }], approve: { by: ['alice', 'bob'], count: 2, notAuthor: true } };
    const world = new World(flow([step('deploy', { environment: 'production' })]), { environments: { production: rules } });
    world.now = new Date('2026-11-24T12:00:00Z');
    world.strike('deploy:gate');
    for (const by of ['alice', 'bob']) world.feed({ kind: 'vote', approval: 'run:deploy:approval:2', decision: 'approve', by, teams: [], comment: 'go', from: '192.0.2.1' });
    expect(world.sent()).toEqual(['deploy:run:1']);
    expect(JSON.stringify(world.history)).not.toContain('192.0.2.1');
    return world;
  }],
  ['an event that was awaited, and inputs of a person', () => {
    const wait = step('wait', { uses: undefined, with: {}, wait: { on: { event: ['pipelinerun.finished'], forks: false } } });
    const world = new World(flow([wait, step('go', { needs: ['wait'] })], { inputs: { version: { type: 'text', required: true } } }), { inputs: { version: 'v7' } });
    world.feed({ kind: 'event', event: { ...event, fact: 'another' } });
    expect([world.run.inputs, world.states().go]).toEqual([{ version: 'v7' }, 'triggering']);
    return world;
  }],
  ['a join, expressions that ask for the time and for the page of the run', () => {
    const late = '${{ now() }} ${{ run.url }}';
    const world = new World(flow([step('a', { if: 'now() < timestamp("2026-11-25T00:00:00Z")' })], { env: { late } }), { events: { one: event, two: { ...event, fact: 'two' } } });
    expect(world.run.env).toEqual({ late: '2026-11-24T08:00:00.000Z http://stellwerk/runs/run' });
    expect(world.states().a).toBe('triggering');
    return world;
  }],
  ['the time of the flow being over, and a note', () => {
    const world = new World(flow([step('a')], { timeoutMs: 1_000 }));
    world.accepted('run:a:run:1');
    world.feed({ kind: 'note', text: 'a circle was stopped' });
    world.strike('flow:timeout');
    expect(world.run.state).toBe('failed');
    return world;
  }],
];

const failedOnce = (): World => {
  const world = new World(flow([step('a', { retry: retry(2) })]));
  world.ends('run:a:run:1', 'failure');
  return world;
};

const tampered = (change: (entries: HistoryEntry[], run: RunRecord, flow: Flow) => void): string[] => {
  const world = failedOnce();
  const [run, entries] = [structuredClone(world.run), structuredClone(world.history)];
  expect(faultsOfHistory(run, world.flow, entries)).toEqual([]);
  change(entries, run, world.flow);
  return faultsOfHistory(run, world.flow, entries);
};

describe('a run that is made anew from its history', () => {
  it.each(STORIES)('is the one that is stored, field by field: %s', (_, story) => {
    const world = story();
    expect(world.historyFaults()).toEqual([]);
    expect(world.history.map(({ number }) => number)).toEqual(world.history.map((_entry, index) => index));
    expect(world.run.history).toEqual({ entries: world.history.length, version: world.run.version });
  });
});

describe('the history of a run that waits behind many', () => {
  it('names as many of them as people are told of, and counts the others', () => {
    const world = new SlotWorld();
    const busy = flow([step('a')], { concurrency: { group: 'all', limit: 6, whenFull: 'queue' } });
    for (const id of ['1', '2', '3', '4', '5', '6', 'last']) world.start(id, busy);
    world.settleAll();
    const place = world.placesIn({ scope: 'flow:release', key: 'all' });
    world.feed('last', { kind: 'slot-holders', holders: place.slice(1, 6) });
    expect(world.run('last').reason).toBe('group "all" is full: run 2, run 3, run 4 and 2 more are in it');
    const [began, told] = world.history.filter(({ run }) => run === 'last').map(({ entry }) => entry);
    const holder = (run: string) => ({ run, flow: 'release' });
    expect(began!.read.slots).toEqual({ '': { key: 'all', given: false, holders: [holder('1'), holder('2'), holder('3'), 3] } });
    expect(told!.news).toEqual({ kind: 'moved', inputs: [{ kind: 'slot-holders', holders: [holder('2'), holder('3'), holder('4'), 2] }] });
    expect(world.historyFaults('last')).toEqual([]);
  });
});

describe('a history that is not that of the stored run', () => {
  it.each<[string, Parameters<typeof tampered>[0], RegExp]>([
    ['an entry is gone', (entries) => void entries.splice(1, 1), /^entry 1 is missing$/],
    ['the first one is gone', (entries) => void entries.shift(), /^entry 0 is missing$/],
    ['the last one is gone', (entries) => void entries.pop(), /^state is "waiting", by its history "running"$/],
    ['all are gone', (entries) => void entries.splice(0), /^it has no history/],
    ['the dice are others', (entries) => { entries.at(-1)!.read.random = [0.75]; }, /^steps\.0\.run\.reason is .*, by its history /],
    ['something was not noted', (entries) => { delete entries.at(-1)!.read.random; }, /^entry 2 \(fed\): expected a random number in the history, found none/],
    ['news is another', (entries) => { entries[1]!.news = { kind: 'moved', inputs: [{ kind: 'cancel', by: 'eve' }] }; }, /^entry 1 \(fed\): it led to version 2, running; now it leads to version 2, cancelled$/],
    ['a field nobody shows was written past it', (_entries, run) => { run.steps[0]!.run.attempts[0]!.rank = 1; }, /^steps\.0\.run\.attempts\.0\.rank is 1, by its history 2$/],
    ['something is stored that never happened', (_entries, run) => { run.timedOut = true; }, /^timedOut is true, by its history absent$/],
    ['the flow is not its revision', (_entries, _run, { steps }) => { steps[0]!.retry.attempts = 1; }, /^entry 2 \(fed\): it led to version 3, waiting; now it leads to version 3, failed$/],
  ])('is said as such: %s', (_, change, fault) => {
    expect(tampered(change)[0]).toMatch(fault);
  });
});

describe('a run from before there were histories', () => {
  const from = (change: (run: RunRecord) => RunRecord): World => {
    const world = new World(flow([step('a'), step('b', { needs: ['a'] })]));
    world.ends('run:a:run:1', 'success');
    world.run = change(world.run);
    return world;
  };
  const withoutHistory = ({ history: _, ...run }: RunRecord): RunRecord => run;

  it('says that it has none, until it moves: from then on all is known', () => {
    const world = from(withoutHistory);
    world.history = [];
    expect(world.historyFaults()).toEqual(['it has no history: it began under a version that kept none, and has not moved since']);
    world.ends('run:b:run:1', 'success');
    expect(world.history.map(({ number, news }) => [number, news.kind])).toEqual([[0, 'found'], [1, 'moved'], [2, 'moved']]);
    expect(world.historyFaults()).toEqual([]);
  });

  it('and one that such a version moved meanwhile, is taken up where it is found', () => {
    const world = from((run) => ({ ...run, version: run.version + 1, notes: ['moved by a router of the version before'] }));
    world.ends('run:b:run:1', 'success');
    expect(world.history.map(({ news }) => news.kind)).toEqual(['started', 'moved', 'moved', 'found', 'moved', 'moved']);
    expect(world.historyFaults()).toEqual([]);
    expect(world.run.notes).toHaveLength(1);
  });
});
