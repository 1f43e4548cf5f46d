import type { ConnectionCalls } from '@stellwerk/connector-kit';
import { describe, expect, it } from 'vitest';
import { pipelinePages, projectIn, projectPath, walkPipelines } from './gitlab.client.js';

describe('going through the pipelines of a project', () => {
  /** A server with 90 pipelines that gives at most 40 at once. */
  const server = (headers: boolean): ConnectionCalls => ({
    read: async (path: string) => {
      const page = Number(new URL(path, 'https://gitlab.com').searchParams.get('page'));
      const found = Array.from({ length: Math.max(0, Math.min(40, 90 - (page - 1) * 40)) }, (_, n) => ({ id: page * 1_000 + n }));
      return { status: 200, headers: headers ? { 'x-next-page': page < 3 ? String(page + 1) : '' } : {}, json: () => found };
    },
  }) as unknown as ConnectionCalls;
  const walk = async (headers: boolean, pages: number): Promise<[string, number]> => {
    let seen = 0;
    const read = pipelinePages(server(headers), 'acme/shop', { updatedAfter: new Date(0), sort: 'asc' });
    return [await walkPipelines(read, pages, (page) => ((seen += page.length), false)), seen];
  };

  it('goes on as long as the server names a next page, however short its pages are', async () => {
    expect(await walk(true, 10)).toEqual(['whole', 90]);
    expect(await walk(true, 2)).toEqual(['cut', 80]);
  });

  it('takes a short page for the last one where no server says so', async () => {
    expect(await walk(false, 10)).toEqual(['whole', 40]);
  });
});

describe('projects in addresses', () => {
  it.each([
    ['https://gitlab.com/acme/shop/-/pipelines/7', 'https://gitlab.com', 'acme/shop'],
    ['https://gitlab.example.com/a/b/c/-/pipelines/7', 'https://gitlab.example.com/', 'a/b/c'],
    ['https://example.com/gitlab/acme/shop/-/pipelines/7', 'https://example.com/gitlab', 'acme/shop'],
    ['https://public.example.com/acme/shop/-/pipelines/7', 'http://10.0.0.5:8080', 'acme/shop'],
  ])('%s below %s is %s', (webUrl, url, project) => {
    expect(projectIn(webUrl, { url })).toBe(project);
  });

  it.each([undefined, 'nonsense', 'https://gitlab.com/acme/shop'])('finds none in %s', (webUrl) => {
    expect(projectIn(webUrl, { url: 'https://gitlab.com' })).toBeUndefined();
  });

  it('keeps a project path one segment', () => {
    expect(projectPath('group/../admin')).toBe('/api/v4/projects/group%2F..%2Fadmin');
  });
});
