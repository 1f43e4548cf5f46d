import { describe, expect, it } from 'vitest';
import { findRun } from './find-run.js';

const sentAt = new Date('2026-11-24T09:00:00.400Z');
const sought = { commandId: '9b1c1f7e-0000-8000-8000-000000000000:deploy:run:1', workflow: 'deploy.yml', ref: 'main', sentAt, login: 'robot' };
const run = (over: object = {}) => ({
  id: 1, path: '.github/workflows/deploy.yml@refs/heads/main', head_branch: 'main', created_at: '2026-11-24T09:00:00Z', actor: { login: 'robot' }, display_title: 'Deploy', ...over,
});

describe('which listed run an unsettled dispatch started', () => {
  it('is the one whose title shows our id, whatever else is there', () => {
    const echoed = run({ id: 2, display_title: `Deploy [${sought.commandId}]`, actor: { login: 'other' } });
    expect(findRun([run(), echoed], sought)).toEqual({ kind: 'echoed', run: echoed });
  });

  it('is not the tenth attempt when the first is sought', () => {
    const tenth = run({ id: 2, display_title: `Deploy [${sought.commandId}0]` });
    expect(findRun([tenth], sought)).toMatchObject({ kind: 'candidates', certain: [], early: [] });
  });

  it('may be one of the same second, as GitHub cuts times to it', () => {
    expect(findRun([run()], sought)).toMatchObject({ certain: [run()], early: [] });
  });

  it('is kept apart when it seems a little older than the call: clocks differ', () => {
    const early = run({ created_at: '2026-11-24T08:59:50Z' });
    expect(findRun([early], sought)).toMatchObject({ certain: [], early: [early] });
  });

  it.each([
    ['much older', { created_at: '2026-11-24T08:58:00Z' }],
    ['of another workflow', { path: '.github/workflows/redeploy.yml' }],
    ['of another branch', { head_branch: 'dev' }],
    ['by somebody else', { actor: { login: 'alice' } }],
    ['of another command', { display_title: 'Deploy [9b1c1f7e-0000-8000-8000-000000000001:deploy:run:1]' }],
  ])('is none that is %s', (_, over) => {
    expect(findRun([run(over)], sought)).toMatchObject({ kind: 'candidates', certain: [], early: [] });
  });

  it.each(['deploy.yml', '.github/workflows/deploy.yml', '77'])('knows the workflow as %s', (workflow) => {
    expect(findRun([run({ workflow_id: 77 })], { ...sought, workflow })).toMatchObject({ certain: [{ id: 1 }] });
  });

  it('knows the ref in its long form', () => {
    expect(findRun([run()], { ...sought, ref: 'refs/heads/main' })).toMatchObject({ certain: [{ id: 1 }] });
  });
});
