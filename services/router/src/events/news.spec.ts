import { joinId } from '@stellwerk/contracts';
import type { EventContext, FlowMatch, Found, PartMatch } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { inOrder, needsOf, settledBy, startingEvents, type MatchedNews } from './news.js';

const ORIGIN = 'https://gitlab.example';
const nothing: Found = { starts: [], parts: [], absences: [] };
const match: Found = { ...nothing, starts: [{ flow: { steps: [] as unknown }, trigger: {} } as FlowMatch] };
const part: Found = { ...nothing, parts: [{ flow: { name: 'f', steps: [] }, join: { id: 'all:0' }, parts: ['a'], key: 'k' } as unknown as PartMatch] };

const platform = (id: string, more: Partial<EventContext> = {}, matches: Found = nothing): MatchedNews => ({
  heard: { kind: 'platform', event: { id, type: 'pipelinerun.finished', repository: 'a/b', fact: `${ORIGIN}/a/b/pipelinerun/${id}/1/finished`, run: { id, attempt: 1 }, ...more } as EventContext },
  takenAs: id, sequence: 1, cause: { id }, span: {}, matches,
});

const answer = (command: string, verdict: 'accepted' | 'unknown' | 'delayed', more: object = {}): MatchedNews => ({
  heard: { kind: 'answer', verdict, result: { command, run: `run of ${command}`, purpose: 'run', ...more } }, takenAs: command, sequence: 1, cause: { id: command }, span: {}, matches: nothing,
} as unknown as MatchedNews);

describe('news of one group', () => {
  it('answers come before the events that came with them; otherwise the order stays', () => {
    expect(inOrder([platform('1'), answer('c', 'accepted'), platform('2'), answer('d', 'unknown')]).map(({ takenAs }) => takenAs)).toEqual(['c', 'd', '1', '2']);
  });

  it('an answer needs its run, its command, and the run of the platform that it names', () => {
    const named = answer('c', 'accepted', { platformRunKey: 'key' });
    expect(needsOf([named, answer('d', 'unknown', { platformRunKey: 'not yet' })])).toEqual({
      runs: ['run of c', 'run of d'], commands: ['c', 'd'], platformRuns: ['key'], started: [], events: [], awaited: [], joins: [],
    });
    expect(settledBy([named, answer('d', 'unknown'), answer('e', 'delayed')])).toEqual(['c']);
    expect(needsOf([answer('c', 'accepted', { repeats: { key: 'again' } })]).platformRuns).toEqual(['again']);
  });

  it('an event about a run of a platform needs that run, and the command it echoes', () => {
    expect(needsOf([platform('7', { correlation: 'c' })])).toMatchObject({ runs: [], commands: ['c'], platformRuns: [`${ORIGIN}/a/b/pipelinerun/7`], started: [], joins: [] });
  });

  it('another event needs what it goes back to only when it would start something', () => {
    const job = { type: 'taskrun.finished', fact: `${ORIGIN}/a/b/taskrun/9/1/finished`, correlation: 'c' };
    expect(needsOf([platform('7', job)])).toMatchObject({ runs: [], commands: [], platformRuns: [], started: [], joins: [] });
    expect(needsOf([platform('7', job, match)])).toMatchObject({ runs: [], commands: ['c'], platformRuns: [], started: [`${ORIGIN}/a/b/pipelinerun/7`], joins: [] });
    expect(startingEvents([platform('7', job, match), platform('8')]).map(({ id }) => id)).toEqual(['7']);
  });

  it('a part of a join needs its row, and may start something', () => {
    expect(needsOf([platform('7', {}, part)]).joins).toEqual([joinId('f', 'all:0', 'k')]);
    expect(startingEvents([platform('7', {}, part)])).toHaveLength(1);
    expect(startingEvents([platform('7', {}, { ...nothing, absences: match.starts })])).toEqual([]);
  });

  it('each event may be one that runs wait for; what it starts, as a whole or as a part, will wait for those of its key', () => {
    const flow = { name: 'f', steps: [{ name: 'scan', wait: { on: { event: ['change.merged'] }, key: '${{ event.sha }}' } }] as unknown } as FlowMatch['flow'];
    const scan = { step: 'scan', type: 'change.merged', template: '${{ event.sha }}', key: 'abc' };
    const waiting: Found = { ...nothing, starts: [{ flow, trigger: {} } as FlowMatch, ...match.starts] };
    const { events, awaited } = needsOf([platform('7', { sha: 'abc' }, waiting), platform('8', {}, waiting)]);
    expect(events.map(({ id }) => id)).toEqual(['7', '8']);
    expect(awaited).toEqual([scan]);
    expect(needsOf([platform('7', { sha: 'abc' }, { ...nothing, parts: [{ ...part.parts[0]!, flow }] })]).awaited).toEqual([scan]);
  });

  it('a flow that a person starts will wait as well', () => {
    const flow = { steps: [{ name: 'merge', wait: { on: { event: ['change.merged'] } } }] as unknown } as FlowMatch['flow'];
    const request = { heard: { kind: 'request', request: { flow: 'f' }, event: { id: 'r', type: 'run.requested' } }, takenAs: 'r', cause: { id: 'r' }, span: {}, matches: { ...nothing, starts: [{ flow, trigger: {} }] } } as unknown as MatchedNews;
    expect(needsOf([request])).toMatchObject({ events: [], awaited: [{ step: 'merge', type: 'change.merged', template: '', key: '' }] });
  });
});
