export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, http or https, without credentials. */
  url: string;
  /** The path is a secret (incoming webhooks of chats): spans and errors show the origin alone. */
  secretPath?: boolean;
  headers?: Record<string, string>;
  body?: string;
  /** For the whole call: resolving, connecting, sending, and the answer to its last byte. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Asked at the moment of the first byte, when a connection is at hand; false = nothing is sent. */
  maySend?: () => boolean;
  /** CIDRs (or single addresses) that may be called although private, and over plain http; `network.allow` of the connection. */
  allow: string[];
  /** The answer's body may be this large; 8 MiB when absent. */
  maxBytes?: number;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; repeated ones joined by `, `. */
  headers: Record<string, string>;
  text: string;
  /** @throws MalformedResponse */
  json<T>(): T;
}
