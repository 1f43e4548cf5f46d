import { describe, expect, it } from 'vitest';
import { ownFindings, stateOf } from './findings.js';
import { healthView } from './health.js';

const of = (health: Record<string, unknown> | null, hook: Date | null = null) =>
  ownFindings(true, healthView({ connection: 'gitlab', last_hook_at: hook, last_event_at: null, health })).map(({ level, about, text }) => `${level} ${about}: ${text}`);
const closed = { breaker: { triggers: 'closed', reads: 'closed' }, notes: [] };

describe('what is known of a connection without asking its platform', () => {
  it('is fine when webhooks come and calls are made', () =>
    expect(of({ state: 'ok', ...closed }, new Date('2026-11-24T12:00:00Z'))).toEqual(['ok last webhook: told something at 2026-11-24T12:00:00.000Z', 'ok calls: are made']));
  it('tells that nothing was heard', () => expect(of(null)).toEqual(['warning last webhook: none has told anything yet', 'unknown calls: its connector has said nothing yet']));
  it('tells why no calls are made', () => {
    expect(of({ state: 'paused', paused: 'HTTP 401', ...closed })).toContain('fault calls: paused: HTTP 401');
    expect(of({ state: 'limited', notBefore: '2026-11-24T13:00:00Z', ...closed })).toContain('warning calls: the platform asked for no calls before 2026-11-24T13:00:00Z');
    expect(of({ state: 'degraded', breaker: { triggers: 'open', reads: 'closed' }, notes: [] })).toContain('warning calls: the circuit breaker is open: the platform fails, or does not answer');
  });
  it('has what its connector wants a person to know', () => expect(of({ state: 'ok', ...closed, notes: ['acme/shop: 3 given up'] })).toContain('warning note: acme/shop: 3 given up'));
  it('comes to the worst of all', () => {
    expect(stateOf([{ about: '', level: 'ok', text: '' }, { about: '', level: 'warning', text: '' }])).toBe('warning');
    expect(stateOf([])).toBe('unknown');
  });
});
