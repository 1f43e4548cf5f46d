import type { IncomingHttpHeaders } from 'node:http';

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const fromBrowser = (headers: IncomingHttpHeaders): boolean =>
  headers.origin !== undefined || headers['sec-fetch-site'] !== undefined || headers.referer !== undefined;

/**
 * Why a request is refused as one that another site may have made a browser send; undefined = it is not. A page elsewhere can
 * send forms and plain texts without asking, but neither JSON nor an Authorization header.
 */
export const crossSiteFault = (method: string, headers: IncomingHttpHeaders): string | undefined => {
  if (!CHANGING.has(method) || headers.authorization !== undefined) return undefined;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return undefined;
  if (type === undefined && !fromBrowser(headers)) return undefined;
  return 'A request that changes something needs Content-Type: application/json or an Authorization header.';
};
