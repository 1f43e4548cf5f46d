import type { IncomingMessage } from 'node:http';
import type { Exchange } from './types.js';

/** Reads a request whole. */
export const readExchange = async (request: IncomingMessage): Promise<Exchange> => {
  const body = await bodyOf(request);
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: end < 0 ? url : url.slice(0, end),
    query: new URLSearchParams(end < 0 ? '' : url.slice(end + 1)),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    ),
    body,
  };
};

const bodyOf = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });

/** The JSON object of a body; `{}` for an empty one, undefined when it is no JSON object. */
export const jsonBody = (exchange: Exchange): Record<string, unknown> | undefined => {
  if (exchange.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(exchange.body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** JSON for the journal where it is JSON, else the text; undefined when empty. */
export const readableBody = (body: Buffer): unknown => {
  const text = body.toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
