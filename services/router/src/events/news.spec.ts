import type { EventContext, FlowMatch } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { inOrder, needsOf, settledBy, startingEvents, type MatchedNews } from './news.js';

const ORIGIN = 'https://gitlab.example';
const match = { flow: { steps: [] as unknown }, trigger: {} } as FlowMatch;

const platform = (id: string, more: Partial<EventContext> = {}, matches: FlowMatch[] = []): MatchedNews => ({
  heard: { kind: 'platform', event: { id, type: 'pipelinerun.finished', repository: 'a/b', fact: `${ORIGIN}/a/b/pipelinerun/${id}/1/finished`, run: { id, attempt: 1 }, ...more } as EventContext },
  takenAs: id, cause: { id }, span: {}, matches,
});

const answer = (command: string, verdict: 'accepted' | 'unknown', more: object = {}): MatchedNews => ({
  heard: { kind: 'answer', verdict, result: { command, run: `run of ${command}`, purpose: 'run', ...more } }, takenAs: command, cause: { id: command }, span: {}, matches: [],
} as unknown as MatchedNews);

describe('news of one group', () => {
  it('answers come before the events that came with them; otherwise the order stays', () => {
    expect(inOrder([platform('1'), answer('c', 'accepted'), platform('2'), answer('d', 'unknown')]).map(({ takenAs }) => takenAs)).toEqual(['c', 'd', '1', '2']);
  });

  it('an answer needs its run, its command, and the run of the platform that it names', () => {
    const named = answer('c', 'accepted', { platformRunKey: 'key' });
    expect(needsOf([named, answer('d', 'unknown', { platformRunKey: 'not yet' })])).toEqual({
      runs: ['run of c', 'run of d'], commands: ['c', 'd'], platformRuns: ['key'], started: [], events: [], awaited: [],
    });
    expect(settledBy([named, answer('d', 'unknown')])).toEqual(['c']);
  });

  it('an event about a run of a platform needs that run, and the command it echoes', () => {
    expect(needsOf([platform('7', { correlation: 'c' })])).toMatchObject({ runs: [], commands: ['c'], platformRuns: [`${ORIGIN}/a/b/pipelinerun/7`], started: [] });
  });

  it('another event needs what it goes back to only when it would start something', () => {
    const job = { type: 'taskrun.finished', fact: `${ORIGIN}/a/b/taskrun/9/1/finished`, correlation: 'c' };
    expect(needsOf([platform('7', job)])).toMatchObject({ runs: [], commands: [], platformRuns: [], started: [] });
    expect(needsOf([platform('7', job, [match])])).toMatchObject({ runs: [], commands: ['c'], platformRuns: [], started: [`${ORIGIN}/a/b/pipelinerun/7`] });
    expect(startingEvents([platform('7', job, [match]), platform('8')]).map(({ id }) => id)).toEqual(['7']);
  });

  it('each event may be one that runs wait for; what it starts will wait for those of its key', () => {
    const waiting = { flow: { steps: [{ name: 'scan', wait: { on: { event: ['change.merged'] }, key: '${{ event.sha }}' } }] as unknown }, trigger: {} } as FlowMatch;
    const { events, awaited } = needsOf([platform('7', { sha: 'abc' }, [waiting, match]), platform('8', {}, [waiting])]);
    expect(events.map(({ id }) => id)).toEqual(['7', '8']);
    expect(awaited).toEqual([{ step: 'scan', type: 'change.merged', template: '${{ event.sha }}', key: 'abc' }]);
  });
});
