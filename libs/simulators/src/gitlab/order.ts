import { jsonBody } from '../kit/exchange.js';
import type { Exchange } from '../kit/types.js';

/** The parameters of a call: JSON, a form (`variables[KEY]=value`) or the query, as GitLab takes them all. */
export const orderOf = (exchange: Exchange): Record<string, unknown> => {
  const fromQuery = nested(exchange.query);
  const type = exchange.headers['content-type'] ?? '';
  if (type.includes('json')) return { ...fromQuery, ...jsonBody(exchange) };
  if (type.includes('x-www-form-urlencoded')) return { ...fromQuery, ...nested(new URLSearchParams(exchange.body.toString('utf8'))) };
  return type.includes('multipart/form-data') ? { ...fromQuery, ...nested(multipart(exchange.body.toString('utf8'))) } : fromQuery;
};

/** `a[b]=c` → `{ a: { b: c } }`. */
const nested = (parameters: URLSearchParams): Record<string, unknown> => {
  const order: Record<string, unknown> = {};
  for (const [name, value] of parameters) {
    const inner = /^(\w+)\[([^\]]+)\]$/.exec(name);
    if (inner) order[inner[1]!] = { ...(order[inner[1]!] as object | undefined), [inner[2]!]: value };
    else order[name] = value;
  }
  return order;
};

const multipart = (text: string): URLSearchParams => {
  const parameters = new URLSearchParams();
  for (const [, name, value] of text.matchAll(/name="([^"]+)"\r\n\r\n([\s\S]*?)\r\n--/g)) parameters.append(name!, value!);
  return parameters;
};
