import { STATUS_CODES } from 'node:http';

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  /** The parameters at fault, and what was expected of them. */
  errors?: ParameterFault[];
}

export interface ParameterFault {
  parameter: string;
  detail: string;
}

/** An answer other than the one asked for, in words for the caller. */
export class ProblemError extends Error {
  constructor(readonly status: number, detail: string, readonly errors?: ParameterFault[]) {
    super(detail);
    this.name = 'ProblemError';
  }
}

export class ParameterError extends ProblemError {
  constructor(parameter: string, detail: string) {
    super(400, `${parameter} ${detail}`, [{ parameter, detail: `${parameter} ${detail}` }]);
  }
}

export const TOKEN_NEEDED = 'A valid token is needed: Authorization: Bearer <token>.';

/** With each 401. */
export const BEARER = 'Bearer realm="stellwerk"';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export const problem = (status: number, detail: string, extra: Partial<Problem> = {}): Problem => ({
  type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...extra,
});
