import { pagerdutyFaults } from '@stellwerk/simulators';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNotice, NOTICE, saying } from '../../test/notices.js';
import { incidentOf, pagerdutyEvent } from './pagerduty.render.js';

const KEY = 'R'.repeat(32);

describe('an event for PagerDuty', () => {
  it('opens an incident that says what happened to what, why, and links run and platform', () => {
    expect(pagerdutyEvent(NOTICE, KEY, 'critical')).toEqual({
      routing_key: KEY, event_action: 'trigger', dedup_key: incidentOf(NOTICE), client: 'Stellwerk', client_url: NOTICE.url,
      links: [{ href: NOTICE.url, text: 'Run' }, { href: 'https://ci.example/job/7/', text: 'Step' }],
      payload: {
        summary: 'release failed (acme/shop @ main): step e2e failed', source: 'acme/shop', severity: 'critical', timestamp: NOTICE.at, component: 'release', class: 'failed',
        custom_details: {
          repository: 'acme/shop', branch: 'main', commit: NOTICE.sha, change: 'Faster checkout', by: 'alice', run: 'run-1', reason: 'step e2e failed', step: 'e2e failed: 3 tests failed', duration: '3 min 4 s',
        },
      },
    });
  });

  it.each(['recovered', 'succeeded'] as const)('resolves it when the flow %s', (word) =>
    expect(pagerdutyEvent({ ...NOTICE, word }, KEY, 'error')).toEqual({ routing_key: KEY, event_action: 'resolve', dedup_key: incidentOf(NOTICE) }));

  it.each(['started', 'cancelled', 'approval', 'waiting'] as const)('is not made of "%s"', (word) =>
    expect(() => pagerdutyEvent({ ...NOTICE, word }, KEY, 'error')).toThrow(`"${word}" is no incident`));

  it('is taken within the limits, whatever comes', () => {
    fc.assert(fc.property(anyNotice(['failed', 'rolled-back', 'missing', 'recovered', 'succeeded']), (notice) => {
      expect(pagerdutyFaults(pagerdutyEvent(notice, KEY, 'error'))).toEqual([]);
    }), { numRuns: 200 });
  });

  it('links nothing but http', () => expect(JSON.stringify(pagerdutyEvent(saying('x'), KEY, 'error'))).not.toContain('javascript:'));
});

describe('an incident', () => {
  it('is one of a flow on a branch of a repository, whatever failed there and which run', () => {
    expect(incidentOf({ ...NOTICE, run: 'run-2', word: 'recovered', sha: 'f'.repeat(40), reason: 'other' })).toBe(incidentOf(NOTICE));
    const others = [{ flow: 'nightly' }, { repository: 'acme/other' }, { branch: 'dev' }, { branch: undefined }, { repository: 'acme', branch: 'shop@main' }];
    expect(new Set([NOTICE, ...others.map((other) => ({ ...NOTICE, ...other }))].map(incidentOf)).size).toBe(6);
  });
  it('is one of a join, whichever part came last', () => {
    const last = { repository: 'group/scan', branch: 'v2', tag: 'v2' };
    expect(incidentOf({ ...NOTICE, ...last, pipeline: { repository: 'acme/shop', branch: 'main' } })).toBe(incidentOf(NOTICE));
    expect(incidentOf({ ...NOTICE, ...last, pipeline: { repository: 'acme/shop', branch: 'v1', tag: 'v1' } })).toBe(incidentOf({ ...NOTICE, branch: 'v2', tag: 'v2' }));
  });
  it('is one of all tags, as a success of the next tag is what recovers', () =>
    expect(incidentOf({ ...NOTICE, branch: 'v2', tag: 'v2' })).toBe(incidentOf({ ...NOTICE, branch: 'v1', tag: 'v1' })));
});
