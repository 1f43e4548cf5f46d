import type { HttpResponse } from '@stellwerk/http';

/** Asked for at once; a server may give less. */
export const PAGE = 100;

/**
 * Query of the page after this one; undefined after the last. GitLab names the next page by number (offset pagination: empty on the last),
 * or by a link alone where it pages by key: https://docs.gitlab.com/api/rest/#pagination. Of the link only its query is taken, since
 * the address in it is how GitLab sees itself. A server that says nothing has another page as long as they are full.
 */
export const nextQuery = ({ headers }: Pick<HttpResponse, 'headers'>, query: URLSearchParams, length: number): URLSearchParams | undefined => {
  const next = headers['x-next-page'];
  if (next) return withPage(query, next);
  const linked = linkedQuery(headers.link);
  if (linked) return linked;
  if (next === '' || headers.link !== undefined || length < PAGE) return undefined;
  return withPage(query, String(Number(query.get('page') ?? '1') + 1));
};

const withPage = (query: URLSearchParams, page: string): URLSearchParams => {
  const next = new URLSearchParams(query);
  next.set('page', page);
  return next;
};

const linkedQuery = (link = ''): URLSearchParams | undefined => {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(link)?.[1];
  return address === undefined ? undefined : URL.parse(address, 'https://gitlab.invalid')?.searchParams;
};
