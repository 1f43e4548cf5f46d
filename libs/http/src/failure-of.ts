import { BlockedAddress, HttpFailure, type HttpFailureKind } from './http.errors.js';

const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL']);
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO|INVALID_CA|CRL_)/;
/** Whether the code of an error says that TLS did not come about. */
export const isTlsCode = (code: string): boolean => TLS_CODE.test(code);

const TIMEOUT_CODES = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Errors of all attempted addresses come as one AggregateError. */
const roots = (error: unknown): Error[] =>
  error instanceof AggregateError ? error.errors.flatMap(roots) : [error instanceof Error ? error : new Error(String(error))];

const codeOf = (error: Error): string => String((error as NodeJS.ErrnoException).code ?? '');

const kindOf = (error: Error, started: boolean): HttpFailureKind => {
  const code = codeOf(error);
  if (error instanceof BlockedAddress) return 'blocked';
  if (DNS_CODES.has(code)) return 'dns';
  if (isTlsCode(code)) return 'tls';
  if (TIMEOUT_CODES.has(code) || error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout';
  return started ? 'reset' : 'refused';
};

/**
 * Names what went wrong with a call. `started` = its first byte may have left; only this decides the phase, never the kind,
 * because a reset or a timeout can come before as well as after sending.
 */
export const failureOf = (error: unknown, started: boolean, target: string): HttpFailure => {
  if (error instanceof HttpFailure) return error;
  const root = roots(error)[0]!;
  const kind = kindOf(root, started);
  const code = codeOf(root);
  return new HttpFailure(started ? 'sent' : 'not-sent', kind, `${target}: ${kind}${code ? ` (${code})` : ''}: ${root.message}`, error);
};
