import { cloudEvent, type RunSnapshot, type RunState, type RunStatus } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { newRun } from '../../test/runs.js';
import { tellingsOf } from './tellings.js';

const told = (run: RunSnapshot, previous: RunState, afterFailure = false): RunStatus | undefined => {
  const event = cloudEvent({ id: 'e', source: '/services/router', type: `run.${run.state}`, subject: run.id, time: new Date(), correlationId: run.id, causationId: 'c', data: { run } });
  const change = { run, type: `run.${run.state}`, previous, moved: [] };
  const entry = {} as never;
  const [message] = tellingsOf({ event, type: change.type, trace: {}, sequence: 1, entry, change }, { transitions: { entered: true, previous, moved: [] }, isNews: false, afterFailure });
  return message?.event.data as RunStatus | undefined;
};

const retried = (from: RunState) => newRun({ state: 'succeeded', attempt: 2, retried: { by: 'alice', at: '2026-11-24T08:00:00Z', from } });

describe('a success is told as recovered', () => {
  it('after a failure of the run before, or of the run itself before it was retried', () => {
    expect(told(newRun({ state: 'succeeded' }), 'running', true)?.recovered).toBe(true);
    expect(told(retried('failed'), 'running')?.recovered).toBe(true);
    expect(told(retried('rolled-back'), 'running')?.recovered).toBe(true);
  });

  it('not otherwise: of a cancelled run nobody heard that anything was broken', () => {
    expect(told(newRun({ state: 'succeeded' }), 'running')?.recovered).toBe(false);
    expect(told(retried('cancelled'), 'running')?.recovered).toBe(false);
  });
});
