import { describe, expect, it } from 'vitest';
import { nextQuery } from './pages.js';

const query = new URLSearchParams({ per_page: '100', ref: 'a&b', page: '1' });
const next = (headers: Record<string, string>, length = 100): string | undefined => nextQuery({ headers }, query, length)?.toString();

describe('the page after this one', () => {
  it('is the one that GitLab names by its number, none after the last', () => {
    expect(next({ 'x-next-page': '2' }, 3)).toBe('per_page=100&ref=a%26b&page=2');
    expect(next({ 'x-next-page': '', link: '<https://gitlab.example.com/x?page=1>; rel="first"' })).toBeUndefined();
  });

  it('is the one behind its link, where it pages by key; only the query of the link is taken', () => {
    const link = '<https://gitlab.example.com/x?per_page=100>; rel="first", <http://elsewhere.internal/y?per_page=100&id_after=42>; rel="next"';
    expect(next({ link }, 3)).toBe('per_page=100&id_after=42');
    expect(next({ link: '<https://gitlab.example.com/x>; rel="prev"' })).toBeUndefined();
  });

  it('follows a full page where the server says nothing', () => {
    expect(next({})).toBe('per_page=100&ref=a%26b&page=2');
    expect(next({}, 99)).toBeUndefined();
  });
});
