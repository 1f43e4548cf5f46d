import { normalize } from 'node:path/posix';
import { bodyOf } from '../http/body-of.js';
import { ParameterError, ProblemError } from '../http/problem.js';
import { readTime } from '../http/read-time.js';

export interface GivenFile {
  path: string;
  text: string;
}

/** Which stored events a backtest looks at, newest first. */
export interface EventsAsked {
  since: Date;
  until: Date;
  limit: number;
}

/** More than any directory that people keep; each is looked at several times. */
const MOST_FILES = 5_000;
const MOST_PATH = 1_000;
const DEFAULT_EVENTS = 10_000;
const MOST_EVENTS = 100_000;
const DEFAULT_SINCE = '7d';

/** The body of a request as JSON. @throws ProblemError */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, `The body is no JSON: ${(error as Error).message}`);
  }
};

/** `{ files }`. @throws ProblemError */
export const readFiles = (body: string): GivenFile[] => filesOf(bodyOf(jsonOf(body), ['files']).files);

/** `{ files, since, until, limit }`. @throws ProblemError */
export const readBacktest = (body: string, now: Date): { files: GivenFile[]; asked: EventsAsked } => {
  const { files, since = DEFAULT_SINCE, until, limit = DEFAULT_EVENTS } = bodyOf(jsonOf(body), ['files', 'since', 'until', 'limit']);
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MOST_EVENTS) throw new ParameterError('limit', `must be a whole number of events from 1 to ${MOST_EVENTS}`);
  const asked = { since: timeOf('since', since, now), until: until === undefined ? now : timeOf('until', until, now), limit };
  if (asked.since >= asked.until) throw new ParameterError('since', 'must be a time before until');
  return { files: filesOf(files), asked };
};

const timeOf = (name: string, value: unknown, now: Date): Date => {
  const time = typeof value === 'string' ? readTime(value, now) : undefined;
  if (!time) throw new ParameterError(name, 'must be an RFC 3339 time or a duration before now, e.g. 2026-11-24T08:00:00Z or 2h');
  return time;
};

const filesOf = (files: unknown): GivenFile[] => {
  if (!Array.isArray(files) || files.length === 0) throw new ParameterError('files', 'must be a list of { path, text }, with at least one');
  if (files.length > MOST_FILES) throw new ParameterError('files', `has ${files.length} files: expected at most ${MOST_FILES}`);
  const read = files.map(fileOf);
  const paths = new Set<string>();
  for (const { path } of read) {
    if (paths.has(normalize(path))) throw new ParameterError('files', `has ${JSON.stringify(path)} twice`);
    paths.add(normalize(path));
  }
  return read;
};

const fileOf = (file: unknown, at: number): GivenFile => {
  const { path, text, ...more } = (typeof file === 'object' && file !== null ? file : {}) as Record<string, unknown>;
  const isFile = typeof path === 'string' && path !== '' && path.length <= MOST_PATH && typeof text === 'string' && Object.keys(more).length === 0;
  if (!isFile) throw new ParameterError('files', `has something else at ${at}: expected { path, text }, both texts, the path with at most ${MOST_PATH} characters`);
  return { path, text };
};
