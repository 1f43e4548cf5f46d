import type { JoinMissing } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { planMissing } from './plan-missing.js';

const told: JoinMissing = {
  join: 'j'.repeat(40), flow: 'release', key: 'abc', missing: ['scan', 'e2e'], came: [{ name: 'build', event: 'github:1:pipelinerun.finished', url: 'https://git/1' }],
  openedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:30:00.000Z', withinSeconds: 1800, connection: 'github', repository: 'acme/shop', branch: 'main', sha: 'abc',
};
const plan = (some: Partial<JoinMissing> = {}, notify = [{ channel: 'a', on: ['missing'] }, { channel: 'b', on: ['failed'] }, { channel: 'a', on: ['missing', 'failed'] }]) =>
  planMissing({ ...told, ...some }, '2026-01-01T00:30:00.000Z', notify, 'http://s');

describe('what is missing of a join', () => {
  it('is told once to each channel that wants to know, and names who is missing', () => {
    const [one, ...more] = plan();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ channel: 'a', flow: 'release', transition: 'missing' });
    expect(one!.notice).toMatchObject({
      word: 'missing', repository: 'acme/shop', sha: 'abc', causeUrl: 'https://git/1',
      reason: 'scan and e2e did not come within 30 min of build; there: build (key abc)',
    });
  });

  it('says whose run it would have been, and of which event that is told', () => {
    const [one] = plan({ pipeline: { repository: 'acme/first', tag: 'v1' } });
    expect(one!.notice).toMatchObject({ repository: 'acme/shop', branch: 'main', pipeline: { repository: 'acme/first', branch: 'v1', tag: 'v1' } });
    expect(plan()[0]!.notice).not.toHaveProperty('pipeline');
  });

  it('has one id a round: the same for the same, another for the next', () => {
    expect(plan()[0]!.id).toBe(plan()[0]!.id);
    expect(plan({ endedAt: '2026-01-01T01:30:00.000Z' })[0]!.id).not.toBe(plan()[0]!.id);
    expect(plan()[0]!.id).toMatch(/^msg_[0-9a-f]{40}$/);
  });
});
