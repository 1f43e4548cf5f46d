import { describe, expect, it } from 'vitest';
import { faultAnswer, FaultSwitch } from './faults.js';

const request = (method: string, path: string): Parameters<FaultSwitch['take']>[0] => ({
  method,
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
});

describe('the fault switch', () => {
  it('hits as often as ordered, by method and path, after those it skips', () => {
    const faults = new FaultSwitch();
    faults.add({ kind: 'status', method: 'post', path: '/projects/*/pipeline', times: 2, skip: 1 });
    expect(faults.take(request('GET', '/projects/1/pipeline'))).toBeUndefined();
    expect(faults.take(request('POST', '/projects/1/pipelines'))).toBeUndefined();
    const hits = Array.from({ length: 4 }, () => faults.take(request('POST', '/projects/1/pipeline')) !== undefined);
    expect(hits).toEqual([false, true, true, false]);
  });

  it('goes on until cleared with times 0, and refuses a kind it does not know', () => {
    const faults = new FaultSwitch();
    faults.add({ kind: 'hang-before', times: 0 });
    expect(Array.from({ length: 3 }, () => faults.take(request('GET', '/'))?.kind)).toEqual(['hang-before', 'hang-before', 'hang-before']);
    faults.clear();
    expect(faults.take(request('GET', '/'))).toBeUndefined();
    expect(() => faults.add({ kind: 'explode' as 'delay' })).toThrow('no such fault');
  });

  it('names the time to wait in seconds or as a date', () => {
    const now = new Date('2026-11-24T10:00:00Z');
    expect(faultAnswer({ kind: 'status', status: 429, retryAfter: 3 }, now).headers).toMatchObject({ 'retry-after': '3' });
    expect(faultAnswer({ kind: 'status', status: 429, retryAfter: 3, retryAfterAsDate: true }, now).headers).toMatchObject({
      'retry-after': 'Tue, 24 Nov 2026 10:00:03 GMT',
    });
  });
});
