import type { Answer, Exchange } from '../kit/types.js';

export const message = (status: number, text: unknown): Answer => ({ status, body: { message: text } });

export const notFound = (what = ''): Answer => message(404, `404 ${what === '' ? '' : `${what} `}Not Found`);

/** What GitLab's parameter check says. */
export const missing = (parameter: string): Answer => ({ status: 400, body: { error: `${parameter} is missing` } });

/** Of more GitLab tells no total: https://docs.gitlab.com/api/rest/#other-pagination-headers */
const COUNTED = 10_000;

const pageIn = (query: URLSearchParams): { size: number; number: number } => ({
  size: Math.min(100, Math.max(1, Number(query.get('per_page') ?? 20) || 20)),
  number: Math.max(1, Number(query.get('page') ?? 1) || 1),
});

/** So many of a list have to be known to answer for its page. */
export const neededFor = (query: URLSearchParams): number => {
  const { size, number } = pageIn(query);
  return Math.max(COUNTED, size * number) + 1;
};

/** One page of a list, with GitLab's `x-…` headers and `link`; only what is on it is made up by `view`. */
export const paged = <T>(items: readonly T[], exchange: Exchange, root: string, view: (item: T) => unknown = (item) => item): Answer => {
  const { size, number } = pageIn(exchange.query);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const next = number < pages ? String(number + 1) : '';
  const url = `${root}${exchange.path}?${new URLSearchParams({ ...Object.fromEntries(exchange.query), page: next, per_page: String(size) })}`;
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size).map(view),
    headers: {
      'x-page': String(number),
      'x-per-page': String(size),
      'x-next-page': next,
      'x-prev-page': number > 1 ? String(number - 1) : '',
      ...(items.length > COUNTED ? {} : { 'x-total': String(items.length), 'x-total-pages': String(pages) }),
      ...(next === '' ? {} : { link: `<${url}>; rel="next"` }),
    },
  };
};
