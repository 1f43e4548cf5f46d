/** RFC 9457. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Seconds; goes into a header. */
  readonly retryAfter?: number;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

export const problem = (status: number, detail?: string, retryAfter?: number): Problem => ({
  type: 'about:blank',
  title: TITLES[status] ?? 'Error',
  status,
  ...(detail !== undefined && { detail }),
  ...(retryAfter !== undefined && { retryAfter }),
});
