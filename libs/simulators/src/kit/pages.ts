import type { Answer } from './types.js';

/** A small page about one run, so that the links in messages and dashboards open something. */
export const runPage = (title: string, facts: Record<string, unknown>): Answer => {
  const rows = Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(String(value))}</td></tr>`);
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body:
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>` +
      '<style>body{font:16px system-ui;margin:3rem auto;max-width:48rem;color:#222}th{text-align:left;padding:.3rem 2rem .3rem 0;color:#666;font-weight:500}p{color:#666}</style>' +
      `<h1>${escaped(title)}</h1><table>${rows.join('')}</table><p>Simulated.</p></html>`,
  };
};

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char]!);
