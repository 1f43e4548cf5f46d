import { CommandFailed } from '../terminal.js';

export interface ApiOptions {
  /** Root of the status service. */
  url: string;
  token?: string;
}

/** What was asked for is not there, or not yet. */
export class NotFound extends CommandFailed {}

const TIMEOUT_MS = 30_000;

/** The status API, as people with a token see it. */
export class StatusClient {
  constructor(private readonly options: ApiOptions) {}

  /** Parameters that are undefined are left out. Throws CommandFailed with what the service said. */
  async get<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const parameters = new URLSearchParams(given).toString();
    return this.ask<T>('GET', parameters === '' ? path : `${path}?${parameters}`);
  }

  /** Headers that are undefined are left out. */
  async post<T>(path: string, body: unknown, headers: Record<string, string | undefined> = {}): Promise<T> {
    const given = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
    return this.ask<T>('POST', path, JSON.stringify(body), given);
  }

  private async ask<T>(method: string, path: string, body?: string, more: Record<string, string> = {}): Promise<T> {
    const { url, token } = this.options;
    const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }), ...more };
    const response = await fetch(new URL(path, url), { method, headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) })
      .catch((error: unknown) => { throw new CommandFailed(`${url} cannot be reached: ${reasonOf(error)} (--url or STELLWERK_URL says where the status service is)`); });
    const text = await response.text();
    if (response.status === 404) throw new NotFound(problemOf(response.status, text));
    if (!response.ok) throw new CommandFailed(problemOf(response.status, text));
    return parse<T>(url, text);
  }
}

const parse = <T>(url: string, text: string): T => {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new CommandFailed(`${url} gave no JSON: is it the status service?`);
  }
};

/** RFC 9457: `detail` is written for people. */
const problemOf = (status: number, text: string): string => {
  const fallback = `the status service answered ${status}`;
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : fallback;
  } catch {
    return fallback;
  }
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message;
};
