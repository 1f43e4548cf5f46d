import type { RunSnapshot } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { platformRunOf, triggerOf, type Expected, type Facts, type Trigger } from './facts.js';
import { countsOf, violationsOf } from './rules.js';

const RUN = '0a0a0a0a-0b0b-80c0-90d0-0e0e0e0e0e0e';
const COMMAND = `${RUN}:scan:run:1`;
const trigger: Trigger = { platform: 'gitlab', command: COMMAND, at: '2026-11-24T10:00:01.000Z', accepted: true, status: 201 };
const snapshot = (version: number, state: RunSnapshot['state'], step: 'running' | 'succeeded' | 'failed'): RunSnapshot => ({
  id: RUN, flow: 'scan', revision: 'r', state, event: { id: 'e', type: 'pipelinerun.finished', connection: 'github' }, attempt: 1, version, createdAt: 'now',
  steps: [{ name: 'scan', state: step, needs: [], attempts: [{ number: 1, state: step, command: COMMAND, connection: 'gitlab' }] }],
});

/** One delivery, its run, its one command and its one trigger: all as it should be. */
const good: Facts = {
  promised: [{ connection: 'github', delivery: 'd1', flow: 'scan', run: RUN, tries: 1, accepted: 1 }],
  asked: new Set([RUN]), inbox: new Set(['github:d1']), buried: new Set(),
  runs: [{ id: RUN, flow: 'scan', state: 'succeeded', reason: null, version: 4, shownVersion: 4 }],
  commands: [{ id: COMMAND, run: RUN, purpose: 'run', connection: 'gitlab', state: 'accepted', reason: null, runKey: 'k/1' }],
  dispatches: [{ command: COMMAND, connection: 'gitlab', state: 'TRIGGERED', reason: null, platformRun: '1', runKey: 'k/1', toldUnknown: false }],
  triggers: [trigger], platformRuns: new Map([[COMMAND, new Set(['1'])]]),
  snapshots: [snapshot(3, 'running', 'running'), snapshot(4, 'succeeded', 'succeeded')],
  histories: [], consumers: [{ name: 'router-events', pending: 0, ackPending: 0 }], leftOver: { 'router.outbox': 0 }, deadLetters: 0, exits: [],
  processes: [{ name: 'router-1', rssMegabytes: 120, handles: 40 }], since: '2026-11-24T10:00:00.000Z',
};

const broken = (change: Partial<Facts>, expected: Expected = {}): string[] => violationsOf({ ...good, ...change }, expected).map(({ invariant, text }) => `${invariant} ${text}`);
const dispatch = good.dispatches[0]!;
const command = good.commands[0]!;
const run = good.runs[0]!;

describe('the invariants', () => {
  it('find nothing where all is well', () => {
    expect(broken({})).toEqual([]);
    expect(countsOf(good)).toEqual({ deliveries: 1, runs: 1, triggers: 1, lost: 0, doubled: 0 });
  });

  it.each<[string, Partial<Facts>, RegExp]>([
    ['a delivery that is nowhere', { inbox: new Set() }, /^I1 .*neither inbox nor dead letters/],
    ['a delivery that started nothing', { runs: [] }, /^I1 .*did not start its run/],
    ['two triggers of one command', { triggers: [trigger, { ...trigger, at: '2026-11-24T10:00:09.000Z' }] }, /^I2 .*accepted 2 times/],
    ['a second trigger long after the first', { triggers: [{ ...trigger, at: '2026-11-24T09:00:00.000Z' }, trigger] }, /^I2 .*accepted 2 times/],
    ['a trigger without a command', { triggers: [trigger, { ...trigger, command: `${RUN}:scan:run:2` }] }, /^I2 .*the router does not know/],
    ['a trigger without our id', { triggers: [trigger, { ...trigger, command: '' }] }, /^I2 1 accepted triggers carry no id/],
    ['a command said to have triggered', { triggers: [] }, /^I2 .*no platform was asked/],
    ['a run nobody asked for', { asked: new Set() }, /^I2 .*stands for no delivery/],
    ['a command nobody took', { dispatches: [] }, /^I3 .*never taken/],
    ['a command under way', { dispatches: [{ ...dispatch, state: 'DISPATCHING' }] }, /^I3 .*still DISPATCHING/],
    ['a command without an answer', { commands: [{ ...command, state: 'sent' }] }, /^I3 .*sent for the router and TRIGGERED/],
    ['a rejection', { commands: [{ ...command, state: 'rejected', reason: 'no' }], dispatches: [{ ...dispatch, state: 'FAILED', reason: 'no' }] }, /^I3 1 commands are rejected/],
    ['a rejection without a reason', { commands: [{ ...command, state: 'rejected' }], dispatches: [{ ...dispatch, state: 'FAILED' }] }, /^I3 .*without a reason/],
    ['a run that failed', { runs: [{ ...run, state: 'failed', reason: 'scan failed' }] }, /^I3 .*is failed: scan failed/],
    ['another run than the platform started', { dispatches: [{ ...dispatch, platformRun: '2' }] }, /^I4 .*the platform says 1/],
    ['one platform run for two commands', { dispatches: [dispatch, { ...dispatch, command: `${RUN}:scan:run:2` }] }, /^I4 .*claimed by/],
    ['two opinions on the run', { commands: [{ ...command, runKey: 'k/2' }] }, /^I4 .*the router k\/2/],
    ['an end that was left', { snapshots: [snapshot(3, 'running', 'succeeded'), snapshot(4, 'running', 'running')] }, /^I5 .*went from succeeded to running/],
    ['two states of one version', { snapshots: [snapshot(3, 'running', 'running'), snapshot(3, 'failed', 'failed')] }, /^I5 .*two different versions 3/],
    ['an old state that people see', { runs: [{ ...run, shownVersion: 3 }] }, /^I5 .*people see 3/],
    ['a lag', { consumers: [{ name: 'router-events', pending: 0, ackPending: 2 }] }, /^I6 .*2 without ack/],
    ['a row left behind', { leftOver: { 'router.outbox': 1 } }, /^I6 1 rows left/],
    ['a dead letter', { deadLetters: 1 }, /^I6 1 dead letters/],
    ['a process that died', { exits: [{ name: 'router-1', at: new Date(0), code: 1, signal: null, expected: false }] }, /^I7 .*ended by itself.*exit 1/],
    ['a run that is not what its history says', { histories: [{ run: RUN, faults: ['entry 2 is missing'] }] }, /^I8 run .* is not what its history says: entry 2 is missing/],
    ['a process that grew', { processes: [{ name: 'router-1', rssMegabytes: 400, handles: 40 }] }, /^I7 .*400 MB/],
  ])('say so of %s', (_what, change, text) => {
    expect(broken(change)).toContainEqual(expect.stringMatching(text));
  });

  it('allow what a scenario causes on purpose', () => {
    expect(broken({ deadLetters: 2, inbox: new Set(), buried: new Set(['github:d1']), runs: [], commands: [], dispatches: [], triggers: [], snapshots: [] }, { deadLetters: 2 })).toEqual([]);
  });
});

describe('a journal', () => {
  const request = { kind: 'request' as const, at: 'now', simulator: 'gitlab', method: 'POST', path: '/api/v4/projects/1/pipeline', headers: {} };

  it('tells triggers that were accepted, also those nobody heard of', () => {
    const body = { variables: [{ key: 'STELLWERK_ID', value: COMMAND }] };
    expect(triggerOf({ ...request, body, answer: { status: 201, body: { id: 7 } } })).toMatchObject({ command: COMMAND, accepted: true });
    expect(triggerOf({ ...request, body, fault: 'reset-after', acted: true, decided: 201 })).toMatchObject({ accepted: true });
    expect(triggerOf({ ...request, body, fault: 'reset-after', acted: true, decided: 422 })).toMatchObject({ accepted: false });
    expect(triggerOf({ ...request, body, fault: 'status', acted: false, answer: { status: 500 } })).toMatchObject({ accepted: false });
    expect(triggerOf({ ...request, body, answer: { status: 400 } })).toMatchObject({ accepted: false });
    expect(triggerOf({ ...request, method: 'GET', body, answer: { status: 200 } })).toBeUndefined();
    expect(triggerOf({ ...request, simulator: 'jenkins', path: '/job/e2e/buildWithParameters', body: `SHA=1&STELLWERK_ID=${encodeURIComponent(COMMAND)}`, answer: { status: 201 } }))
      .toMatchObject({ command: COMMAND, accepted: true });
  });

  it('tells the platform run of a command, from an answer or a hook', () => {
    const body = { variables: [{ key: 'STELLWERK_ID', value: COMMAND }] };
    expect(platformRunOf({ ...request, body, answer: { status: 201, body: { id: 7 } } })).toEqual({ command: COMMAND, run: '7' });
    const hook = { object_kind: 'pipeline', object_attributes: { id: 8, variables: body.variables } };
    expect(platformRunOf({ ...request, kind: 'hook', body: hook })).toEqual({ command: COMMAND, run: '8' });
  });
});
