import type { Answer } from '../kit/types.js';

const DOCS = 'https://docs.github.com/rest';

export const ok = (body: unknown, headers: Record<string, string> = {}): Answer => ({ status: 200, body, headers });

export const refused = (status: number, message: string): Answer => ({ status, body: { message, documentation_url: DOCS, status: String(status) } });

export const notFound = (): Answer => refused(404, 'Not Found');

export const unprocessable = (message: string): Answer => refused(422, message);

/** One page of a list, with GitHub's `Link` header. */
export const page = <T>(items: T[], query: URLSearchParams, url: string): { items: T[]; headers: Record<string, string> } => {
  const size = Math.min(100, Math.max(1, Number(query.get('per_page') ?? 30) || 30));
  const number = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (target: number, rel: string): string =>
    `<${url}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(target) })}>; rel="${rel}"`;
  const links = [
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first'), to(number - 1, 'prev')] : []),
  ];
  return { items: items.slice((number - 1) * size, number * size), headers: links.length > 0 ? { link: links.join(', ') } : {} };
};
