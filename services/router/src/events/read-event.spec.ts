import { cloudEvent } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import { describe, expect, it } from 'vitest';
import { platformRunState, runKeyOf } from './platform-run-state.js';
import { readEvent } from './read-event.js';

const platformEvent = (type: string, data: Record<string, unknown>, fact = 'https://git/acme/shop/pipelinerun/7/2/finished') => cloudEvent({
  id: 'hook:1', source: '/connections/gitlab', type, subject: '7', time: new Date(), correlationId: 'hook', causationId: 'hook', fact,
  data: { connection: 'gitlab', platform: 'gitlab', repository: 'acme/shop', occurredAt: '2026-11-24T08:00:00Z', ...data },
});

const heard = (...parts: Parameters<typeof platformEvent>) => {
  const read = readEvent(platformEvent(...parts));
  if (read.kind !== 'platform') throw new Error(`heard ${read.kind}`);
  return read.event;
};

describe('an event of a platform', () => {
  it('keeps its id, short type and fact, and loses what has no meaning', () => {
    expect(heard('pipelinerun.finished', { surprise: 1 })).toMatchObject({ id: 'hook:1', type: 'pipelinerun.finished', fact: 'https://git/acme/shop/pipelinerun/7/2/finished' });
    expect(heard('pipelinerun.finished', { surprise: 1 })).not.toHaveProperty('surprise');
  });

  it('is refused for good when its data is not what it should be', () => {
    expect(() => readEvent(platformEvent('pipelinerun.finished', { outcome: 'splendid' }))).toThrow(PermanentError);
  });

  it('loses NUL characters, which the database takes in no text', () => {
    expect(heard('commit.pushed', { title: 'a\0b', payload: { 'k\0': ['\0x'] } })).toMatchObject({ title: 'ab', payload: { k: ['x'] } });
  });

  it('of our own services is not routed', () => {
    expect(readEvent(platformEvent('run.started', {}))).toEqual({ kind: 'other' });
  });
});

describe('the run of a platform that an event belongs to', () => {
  const run = { id: '7', attempt: 2, url: 'https://git/7' };

  it('is named without attempt and predicate', () => {
    const event = heard('pipelinerun.finished', { run, outcome: 'failure', finishedAt: '2026-11-24T07:59:00Z', correlation: 'run:scan:run:1' });
    expect(platformRunState(event)).toEqual({
      key: 'https://git/acme/shop/pipelinerun/7', predicate: 'finished', attempt: 2, outcome: 'failure', at: '2026-11-24T07:59:00Z',
      run: { id: '7', url: 'https://git/7' }, correlation: 'run:scan:run:1',
    });
  });

  it('is found for its jobs too', () => {
    const event = heard('taskrun.finished', { run }, 'https://git/acme/shop/taskrun/99/1/finished');
    expect(platformRunState(event)).toBeUndefined();
    expect(runKeyOf(event)).toBe('https://git/acme/shop/pipelinerun/7');
  });

  it('is nothing for events about something else', () => {
    expect(runKeyOf(heard('commit.pushed', {}, 'hook:1'))).toBeUndefined();
  });
});
