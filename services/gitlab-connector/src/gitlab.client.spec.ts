import { describe, expect, it } from 'vitest';
import { projectIn, projectPath } from './gitlab.client.js';

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
