import type { EventContext } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { digestOf } from './awaited-digest.js';
import { WaitsAtHand } from './waits-at-hand.js';

const SHA = { type: 'pipelinerun.finished', template: '${{ event.sha }}' };
const TAG = { type: 'pipelinerun.finished', template: '${{ event.tag }}' };
const ANY = { type: 'change.merged', template: '' };

const event = (more: Partial<EventContext> = {}): EventContext =>
  ({ id: 'e', type: 'pipelinerun.finished', fact: 'f', connection: 'github', platform: 'github', occurredAt: '2026-11-24T08:00:00Z', sha: 'abc', ...more });

describe('what runs wait for', () => {
  it('is looked for by each key that an event has, and by none that it lacks', () => {
    const waits = new WaitsAtHand();
    expect(waits.know([SHA, TAG, ANY], [event()])).toEqual([digestOf({ ...SHA, key: 'abc' })]);
    expect(waits.know([SHA, TAG, ANY], [event({ type: 'change.merged' })])).toEqual([digestOf({ ...ANY, key: '' })]);
    expect(waits.know([SHA, TAG, ANY], [event({ sha: undefined })])).toEqual([]);
  });

  it('is found once a run, whoever wrote it down', () => {
    const waits = new WaitsAtHand();
    waits.load(waits.know([SHA, TAG], [event({ tag: 'v1' })]).map((digest) => ({ digest, run: 'old' })));
    waits.begin('new', [{ step: 'scan', ...SHA, key: 'abc' }]);
    expect(waits.for(event({ tag: 'v1' }))).toEqual(['old', 'new']);
    expect(waits.for(event({ sha: 'other' }))).toEqual([]);
    expect(waits.begun).toEqual([{ run: 'new', step: 'scan', ...SHA, key: 'abc' }]);
  });

  it('is over with its run, also in the transaction that began it', () => {
    const waits = new WaitsAtHand();
    waits.know([SHA], [event()]);
    waits.begin('short', [{ step: 'scan', ...SHA, key: 'abc' }]);
    waits.end('short');
    expect([waits.for(event()), waits.begun, waits.over]).toEqual([[], [], ['short']]);
  });

  it('tells apart what only looks alike', () => {
    const digests = [{ ...SHA, key: 'a' }, { ...SHA, type: 'pipelinerun.started', key: 'a' }, { ...SHA, template: '${{ event.tag }}', key: 'a' }, { type: 'pipelinerun.finished', template: '', key: '${{ event.sha }}a' }].map(digestOf);
    expect(new Set(digests).size).toBe(4);
  });
});
