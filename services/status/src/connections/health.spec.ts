import { describe, expect, it } from 'vitest';
import { healthView } from './health.js';

const of = (health: Record<string, unknown> | null) => healthView({ connection: 'gitlab', last_hook_at: null, last_event_at: null, health });

describe('the health of a connection', () => {
  it('is not known before its connector has spoken', () =>
    expect(of(null)).toEqual({ state: null, lastHookAt: null, lastEventAt: null, breaker: null, paused: false, reason: null, notBefore: null, notes: [] }));
  it('shows the worse of its two breakers', () => {
    expect(of({ breaker: { triggers: 'closed', reads: 'half-open' } }).breaker).toBe('half-open');
    expect(of({ breaker: { triggers: 'half-open', reads: 'open' } }).breaker).toBe('open');
    expect(of({ breaker: { triggers: 'closed', reads: 'closed' } }).breaker).toBe('closed');
  });
  it('says why it is paused, and what a person should know', () =>
    expect(of({ state: 'paused', paused: 'HTTP 401', notes: ['x'] })).toMatchObject({ state: 'paused', paused: true, reason: 'HTTP 401', notes: ['x'] }));
});
