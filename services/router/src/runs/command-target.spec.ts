import type { Connection } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { targetOf } from './command-target.js';

const connection = { platform: 'gitlab', url: 'https://git.example.com/gitlab/' } as Connection;
const target = (values: Record<string, unknown>) => targetOf({ connection: 'gitlab', with: values }, connection);

describe('where a command works', () => {
  it('is what its `with` names, on the instance of its connection', () => {
    expect(target({ project: 'group/sub/project', ref: 'main' })).toEqual({ origin: 'https://git.example.com/gitlab', repository: 'group/sub/project', pipeline: undefined });
    expect(target({ repository: 'acme/shop', workflow: 'deploy.yml' })).toMatchObject({ repository: 'acme/shop', pipeline: 'deploy.yml' });
    expect(target({ job: '/shop/e2e/' })).toMatchObject({ repository: 'shop/e2e' });
  });

  it('is the pipeline whose run is awaited, where the step names it', () => {
    const of = { connection: 'github', with: { repository: 'acme/shop', type: 'deploy' }, awaitPipeline: 'deploy.yml' };
    expect(targetOf(of, { ...connection, platform: 'github' } as Connection)).toMatchObject({ repository: 'acme/shop', pipeline: 'deploy.yml' });
  });

  it('is not told by numeric ids, which no event carries', () => {
    expect(target({ project: '42' }).repository).toBeUndefined();
    expect(target({ project: 42 }).repository).toBeUndefined();
    expect(target({ repository: 'acme/shop', workflow: '7' })).toMatchObject({ repository: 'acme/shop', pipeline: undefined });
  });
});
