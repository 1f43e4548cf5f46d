import type { HttpRequest } from '@stellwerk/http';

/** One call to a platform's API. */
export interface PlatformRequest {
  method: HttpRequest['method'];
  /** Begins with `/`, encoded; put behind the connection's url. */
  path: string;
  /** Absolute, instead of both: an address outside of what the connection's credentials are for. */
  elsewhere?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** JSON that is sent to the byte as it is: it is signed. */
  signed?: string;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Without the connection's own credentials. */
  anonymous?: boolean;
}

/** Whoever orders a call that changes something has the last word on it. */
export interface SendGuard {
  /** Runs right before the call goes out, and may still stop it by throwing. */
  beforeSend(): Promise<void>;
  /** Asked at the moment of the first byte; false = nothing is sent. */
  maySend(): boolean;
}

/** For calls that do no harm whoever makes them. */
export const UNGUARDED: SendGuard = { beforeSend: async () => undefined, maySend: () => true };

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

export const bodyOf = (request: PlatformRequest): { body?: string; headers: Record<string, string> } => {
  if (request.form) return { body: new URLSearchParams(request.form).toString(), headers: FORM };
  if (request.signed !== undefined) return { body: request.signed, headers: JSON_TYPE };
  if (request.json !== undefined) return { body: JSON.stringify(request.json), headers: JSON_TYPE };
  return { headers: {} };
};
