import type { HookContext, Translation } from '../hook-platform.js';
import { wholePaths } from '../shared/changed-paths.js';
import { correlationOf } from '../shared/correlation.js';
import { asTranslation, ignored, type Told } from '../shared/drafts.js';
import { isRecord, link } from '../shared/read.js';
import { buildDraft, type BuildSeen } from './build.translator.js';
import { jenkinsJobPath } from './job-paths.js';
import { jenkinsNotification, type JenkinsNotification } from './payload.js';

type Build = NonNullable<JenkinsNotification['build']>;

/** The plugin sends QUEUED at the start, together with STARTED; COMPLETED and FINALIZED tell one end. */
const PREDICATES: Readonly<Record<string, 'started' | 'finished'>> = {
  QUEUED: 'started', STARTED: 'started', COMPLETED: 'finished', FINALIZED: 'finished',
};

const urlOf = (build: Build, origin: string): string | undefined =>
  build.full_url ?? (build.url === undefined ? undefined : link(URL.parse(build.url, `${origin}/`)?.href));

/** QUEUED carries the time it entered the queue, FINALIZED that of the message: neither is the build's. */
const timesOf = (build: Build): Pick<BuildSeen, 'startedAt' | 'finishedAt'> => {
  if (build.phase === 'STARTED') return { startedAt: build.timestamp };
  if (build.phase === 'QUEUED' || build.timestamp === undefined) return {};
  const startedAt = build.phase === 'COMPLETED' && build.duration !== undefined && build.duration > 0
    ? new Date(Math.max(Date.parse(build.timestamp) - build.duration, 0)).toISOString()
    : undefined;
  return { startedAt, finishedAt: build.timestamp };
};

const seenBy = (build: Build, number: number, predicate: BuildSeen['predicate'], origin: string): BuildSeen => ({
  number,
  predicate,
  result: build.status,
  phase: build.phase,
  url: urlOf(build, origin),
  branch: build.scm?.branch,
  sha: build.scm?.commit,
  paths: wholePaths(build.scm?.changes ?? []),
  ...timesOf(build),
  correlation: correlationOf(build.parameters?.STELLWERK_ID),
});

const tell = (body: JenkinsNotification | undefined, origin: string): Told => {
  const build = body?.build;
  if (build?.number === undefined) return ignored('build without a number');
  const predicate = build.phase !== undefined && Object.hasOwn(PREDICATES, build.phase) ? PREDICATES[build.phase] : undefined;
  if (!predicate) return ignored('phase not used');
  if (predicate === 'finished' && build.status === undefined) return ignored('end without a result');
  const jobPath = jenkinsJobPath(body?.url, origin) ?? jenkinsJobPath(build.full_url ?? build.url, origin);
  return jobPath === undefined ? ignored('job missing') : [buildDraft(seenBy(build, build.number, predicate, origin), jobPath)];
};

export const translateJenkins = (body: unknown, context: HookContext): Translation => {
  if (!isRecord(body)) throw new TypeError('The body is no JSON object');
  return asTranslation(tell(jenkinsNotification(body), context.origin), context);
};
