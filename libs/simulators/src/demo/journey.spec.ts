import { describe, expect, it } from 'vitest';
import { momentLine, momentsOf } from './journey.js';
import type { RunSeen } from './views.js';

const at = (second: number): string => `2026-11-24T10:00:0${second}.000Z`;

const RUN: RunSeen = {
  id: 'r1',
  flow: 'release',
  state: 'rolled-back',
  createdAt: at(1),
  trace: null,
  event: { id: 'e1', type: 'pipelinerun.finished', connection: 'github', repository: 'acme/shop', branch: 'main', sha: 'a', url: null },
  steps: [
    {
      name: 'scan',
      state: 'succeeded',
      uses: 'gitlab/trigger-pipeline',
      rollback: null,
      attempts: [
        { number: 1, state: 'failed', outcome: 'failure', run: { id: '7', url: 'http://gitlab/7' }, startedAt: at(2), finishedAt: at(3) },
        { number: 2, state: 'succeeded', outcome: 'success', run: { id: '8', url: null }, startedAt: at(4), finishedAt: at(5) },
      ],
    },
    { name: 'smoke', state: 'skipped', reason: 'a step before failed', rollback: null, attempts: [], finishedAt: at(6) },
    {
      name: 'deploy',
      state: 'failed',
      uses: 'github/dispatch-workflow',
      attempts: [{ number: 1, state: 'failed', reason: 'refused', run: null, startedAt: null, finishedAt: at(6) }],
      rollback: {
        state: 'succeeded',
        attempts: [{ number: 1, state: 'succeeded', outcome: 'success', run: { id: '9', url: null }, startedAt: at(7), finishedAt: at(8) }],
      },
    },
  ],
};

describe('the journey of a run', () => {
  it('tells each trigger and each end once, in the order of their times', () => {
    const moments = momentsOf(RUN, 'http://status/runs/r1');
    expect(moments.map((moment) => `${moment.what}: ${moment.text}`)).toEqual([
      'flow: "release" matched, run r1',
      'scan: triggered: gitlab/trigger-pipeline → 7',
      'scan: failure',
      'scan: triggered: gitlab/trigger-pipeline → 8 (attempt 2)',
      'scan: success (attempt 2)',
      'smoke: skipped: a step before failed',
      'deploy: failed: refused',
      'deploy rollback: triggered: rollback → 9',
      'deploy rollback: success',
    ]);
    expect(new Set(moments.map((moment) => moment.key)).size).toBe(moments.length);
  });

  it('takes the moment a platform accepted, where that is known', () => {
    const moments = momentsOf(RUN, 'http://status/runs/r1', new Map([['7', at(3)]]));
    expect(moments.find((moment) => moment.key === 'scan 1 triggered')?.at).toBe(at(3));
    expect(moments.find((moment) => moment.key === 'scan 2 triggered')?.at).toBe(at(4));
  });

  it('counts from the hook, and says no time that it does not know', () => {
    const start = Date.parse(at(0));
    expect(momentLine({ key: 'x', at: at(2), what: 'scan', text: 'triggered', link: 'http://gitlab/7' }, start)).toBe(
      '   +2.000 s  scan            triggered  http://gitlab/7',
    );
    expect(momentLine({ key: 'x', at: null, what: 'scan', text: 'unknown' }, start)).toBe('             scan            unknown');
  });
});
