import type { Answer, Exchange } from '../kit/types.js';

export const message = (status: number, text: unknown): Answer => ({ status, body: { message: text } });

export const notFound = (what = ''): Answer => message(404, `404 ${what === '' ? '' : `${what} `}Not Found`);

/** What GitLab's parameter check says. */
export const missing = (parameter: string): Answer => ({ status: 400, body: { error: `${parameter} is missing` } });

/** One page of a list, with GitLab's `x-…` headers and `link`. */
export const paged = (items: unknown[], exchange: Exchange, root: string): Answer => {
  const size = Math.min(100, Math.max(1, Number(exchange.query.get('per_page') ?? 20) || 20));
  const number = Math.max(1, Number(exchange.query.get('page') ?? 1) || 1);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const next = number < pages ? String(number + 1) : '';
  const url = `${root}${exchange.path}?${new URLSearchParams({ ...Object.fromEntries(exchange.query), page: next, per_page: String(size) })}`;
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size),
    headers: {
      'x-page': String(number),
      'x-per-page': String(size),
      'x-next-page': next,
      'x-prev-page': number > 1 ? String(number - 1) : '',
      'x-total': String(items.length),
      'x-total-pages': String(pages),
      ...(next === '' ? {} : { link: `<${url}>; rel="next"` }),
    },
  };
};
