import type { Connection } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { targetOf } from './command-target.js';

const connection = { platform: 'gitlab', url: 'https://git.example.com/gitlab/' } as Connection;
const target = (values: Record<string, unknown>) => targetOf({ connection: 'gitlab', platform: 'gitlab', action: 'trigger-pipeline', with: values }, connection);

describe('where a command works', () => {
  it('is what its `with` names, on the instance of its connection', () => {
    expect(target({ project: 'group/sub/project', ref: 'main' })).toEqual({ origin: 'https://git.example.com/gitlab', repository: 'group/sub/project', pipeline: undefined });
    expect(target({ repository: 'acme/shop', workflow: 'deploy.yml' })).toMatchObject({ repository: 'acme/shop', pipeline: 'deploy.yml' });
    const build = { connection: 'jenkins', platform: 'jenkins' as const, action: 'start-build', with: { job: '/shop/e2e/' } };
    expect(targetOf(build, { ...connection, platform: 'jenkins' } as Connection)).toMatchObject({ repository: 'shop/e2e' });
  });

  it('is the pipeline whose run is awaited, where the step names it', () => {
    const of = { connection: 'github', platform: 'github' as const, action: 'dispatch-repository', with: { repository: 'acme/shop', type: 'deploy' }, awaitPipeline: 'deploy.yml' };
    expect(targetOf(of, { ...connection, platform: 'github' } as Connection)).toMatchObject({ repository: 'acme/shop', pipeline: 'deploy.yml' });
  });

  it('is not told by numeric ids, which no event carries', () => {
    expect(target({ project: '42' }).repository).toBeUndefined();
    expect(target({ project: 42 }).repository).toBeUndefined();
    expect(target({ project: '42', pipeline: 7, job: 'deploy' }).repository, 'a job of a pipeline is no place').toBeUndefined();
    expect(target({ repository: 'acme/shop', workflow: '7' })).toMatchObject({ repository: 'acme/shop', pipeline: undefined });
  });

  it('is the run that the step names, of an action that sets one going again; any where it names none by its id', () => {
    const repeated = (action: string, values: Record<string, unknown>) => targetOf({ connection: 'gitlab', platform: action === 'rerun' ? 'github' : 'gitlab', action, with: values }, connection).repeatsRun;
    expect([repeated('retry', { project: 'a/b', pipeline: 7 }), repeated('rerun', { repository: 'a/b', run: '8' })]).toEqual(['7', '8']);
    expect([repeated('play-job', { project: 'a/b', job: 9 }), repeated('rerun', { run: 'https://github.com/a/b/actions/runs/8' })]).toEqual(['', '']);
    expect([repeated('cancel', { project: 'a/b', pipeline: 7 }), repeated('trigger-pipeline', { project: 'a/b' })]).toEqual([undefined, undefined]);
  });
});
