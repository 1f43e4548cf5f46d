import { escaped } from '../kit/pages.js';
import type { Answer } from '../kit/types.js';

/** Jenkins answers people: its errors are pages. */
export const html = (status: number, message: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/html;charset=utf-8', ...headers },
  body: status < 400 ? pageOf(escaped(message), '') : pageOf(`Error ${status} ${escaped(message)}`, `<h2>HTTP ERROR ${status} ${escaped(message)}</h2><hr/>Powered by Jetty:// 12.0.25<hr/>`),
});

const pageOf = (title: string, body: string): string => `<html><head><title>${title}</title></head><body>${body}</body></html>`;

export const notFound = (): Answer => html(404, 'Not Found');

export const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } });
