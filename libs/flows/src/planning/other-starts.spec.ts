import { describe, expect, it } from 'vitest';
import { event, flow, step } from '../../test/planned-world.js';
import type { EventContext, Flow } from '../model.js';
import { scheduleFired } from '../schedule/own-events.js';
import { snapshotOf } from './snapshot.js';
import { startRun, type NewRun } from './start-run.js';

const facts = { now: new Date('2026-11-24T08:00:00Z'), random: () => 0.5, runUrl: 'http://stellwerk/runs/run', environments: {}, ledger: {} };

const start = (of: Flow, more: Partial<NewRun>) => startRun({
  id: 'run', flow: of, trigger: of.on[0]!, event, connections: { gitlab: 'gitlab', github: 'github' }, reportTo: [{ connection: 'github', platform: 'github' }, { connection: 'gitlab', platform: 'gitlab' }],
  chain: { links: 0, flows: [] }, ...more,
}, facts);

describe('a run of a join', () => {
  const scan: EventContext = { ...event, id: 'gitlab:1', connection: 'gitlab', platform: 'gitlab', repository: 'group/shop', sha: 'b'.repeat(40), run: { id: '9', attempt: 1 } };
  const joined = flow([step('go', { with: { project: '${{ events.scan.repository }}', by: '${{ env.by }}' } })], { env: { by: '${{ events.build.run.id }}' } });
  const { run, effects } = start(joined, { event: scan, events: { build: event, scan }, cause: 'join:1' });
  const commands = effects.flatMap((effect) => (effect.kind === 'command' ? [effect.command] : []));

  it('reads each event by the name of its part', () => {
    expect(commands.find(({ step: name }) => name === 'go')!.with).toEqual({ project: 'group/shop', by: '7' });
  });

  it('shows each of them, and keeps the fact that started it', () => {
    expect(snapshotOf(run, joined).events).toEqual({ build: { id: event.id, type: event.type }, scan: { id: 'gitlab:1', type: event.type } });
    expect(run.cause).toBe('join:1');
  });

  it('says whose run it is, by the flow as it was at its start; a run that one event started says nothing of it', () => {
    const filters = { event: ['**'], forks: false };
    const all = { id: 'all:0', key: '', withinMs: 1, missing: 'start' as const, parts: ['scan', 'build'].map((name) => ({ name, filters })) };
    const of = { ...joined, on: [{ ...joined.on[0]!, index: 0 }, { ...joined.on[0]!, index: 1, all }] };
    const started = start(of, { trigger: of.on[1]!, event, events: { build: event, scan }, cause: 'join:1' });
    expect(snapshotOf(started.run, of)).toMatchObject({ event: { repository: 'acme/shop' }, pipeline: { repository: 'group/shop', branch: event.branch } });
    expect(snapshotOf(start(of, { trigger: of.on[0]! }).run, of)).not.toHaveProperty('pipeline');
    expect(snapshotOf(start(of, { trigger: { index: -1 } }).run, of)).not.toHaveProperty('pipeline');
  });

  it('says on each platform how the commit fares that it told, at the run that it told', () => {
    const reports = commands.filter(({ purpose }) => purpose === 'report').map(({ connection, with: { repository, sha, pipeline } }) => [connection, repository, sha, pipeline]);
    expect(reports).toEqual([['github', 'acme/shop', event.sha, '7'], ['gitlab', 'group/shop', scan.sha, '9']]);
  });
});

describe('a run of a schedule', () => {
  const nightly = flow([step('go', { with: { at: '${{ event.occurredAt }}', cron: '${{ event.payload.cron }}' } })]);
  const fired = scheduleFired(nightly, { id: 'schedule:x', cron: '0 6 * * *', zone: 'UTC' }, new Date('2026-11-24T06:00:00Z'));
  const { run, effects } = start(nightly, { event: fired });

  it('reads its instant, and reports nowhere: it is about no commit', () => {
    expect(effects.flatMap((effect) => (effect.kind === 'command' ? [effect.command.with] : []))).toEqual([{ at: '2026-11-24T06:00:00.000Z', cron: '0 6 * * *' }]);
    expect(snapshotOf(run, nightly).event).toMatchObject({ type: 'schedule.fired', connection: '', title: '0 6 * * * (UTC)' });
  });
});

describe('a flow that a join, a schedule and people start', () => {
  const all = flow([step('go', { with: { ref: '${{ events.?scan.?sha.orValue(inputs.ref) }}', times: '${{ inputs.times }}' } })], {
    inputs: { ref: { type: 'text', required: true }, times: { type: 'number', required: false, default: 2 } },
  });
  const withOf = (more: Partial<NewRun>) => start(all, more).effects.flatMap((effect) => (effect.kind === 'command' && effect.command.step === 'go' ? [effect.command.with] : []));
  const requested: EventContext = { id: 'r', fact: 'r', type: 'run.requested', actor: 'alice', occurredAt: '2026-11-24T08:00:00Z' };

  it('has the defaults of its inputs when a join starts it', () => {
    expect(withOf({ events: { scan: event }, cause: 'join:1' })).toEqual([{ ref: event.sha, times: 2 }]);
  });

  it('has no part of the join when somebody else does', () => {
    expect(withOf({ event: requested, inputs: { ref: 'main', times: 3 } })).toEqual([{ ref: 'main', times: 3 }]);
    const fired = scheduleFired(all, { id: 'schedule:x', cron: '0 6 * * *', zone: 'UTC' }, new Date('2026-11-24T06:00:00Z'));
    expect(start(all, { event: fired }).run.steps[0]!.run).toMatchObject({ state: 'failed', reason: 'with.ref: "ref" is absent' });
  });
});
