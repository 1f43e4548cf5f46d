import type { Cause } from '@stellwerk/contracts';
import type { EventContext, TranslatedEvent } from '../hook-platform.js';
import { CORRELATION_NAME, correlationOf } from '../shared/correlation.js';
import { finishDrafts, type DraftData, type ObjectDraft } from '../shared/drafts.js';
import { present } from '../shared/read.js';
import { branchOfJob, plainBranch } from './job-paths.js';
import { outcomeOfJenkins } from './outcomes.js';
import { jenkinsBuild, type JenkinsBuild } from './payload.js';

/** A build, whoever told of it. */
export interface BuildSeen {
  readonly number: number;
  readonly predicate: 'started' | 'finished';
  readonly result?: string;
  readonly phase?: string;
  readonly url?: string;
  readonly branch?: string;
  readonly sha?: string;
  readonly paths?: string[];
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly correlation?: string;
  readonly cause?: Cause;
  readonly actor?: string;
}

const refOf = (build: BuildSeen, jobPath: string): DraftData => {
  const tag = /^(?:refs\/)?tags\/(.+)$/.exec(build.branch ?? '')?.[1];
  return tag ? { tag } : { branch: branchOfJob(jobPath) ?? plainBranch(build.branch) };
};

/** Job path and number are a build's identity: a rerun is a new build. */
export const buildDraft = (build: BuildSeen, jobPath: string): ObjectDraft => {
  const id = String(build.number);
  const finished = build.predicate === 'finished';
  const data = present({
    repository: jobPath,
    ...refOf(build, jobPath),
    sha: build.sha,
    pipeline: jobPath.slice(jobPath.lastIndexOf('/') + 1),
    run: present({ id, attempt: 1, number: build.number, url: build.url }),
    outcome: finished ? outcomeOfJenkins(build.result) : undefined,
    cause: build.cause ?? (build.correlation ? ('api' as const) : undefined),
    actor: build.actor,
    url: build.url,
    paths: build.paths,
    startedAt: build.startedAt,
    finishedAt: finished ? build.finishedAt : undefined,
    occurredAt: finished ? build.finishedAt : build.startedAt,
    correlation: build.correlation,
    raw: present({ result: build.result, phase: build.phase }),
  });
  return { type: `pipelinerun.${build.predicate}`, object: id, data };
};

/** By the class of the cause; the text beside it is translated into the server's language. */
const CAUSES: readonly (readonly [RegExp, Cause])[] = [
  [/TimerTriggerCause$/, 'schedule'],
  [/UserIdCause$|UserCause$/, 'manual'],
  [/SCMTriggerCause$|BranchIndexingCause$|BranchEventCause$|PushCause$/, 'push'],
  [/RemoteCause$/, 'api'],
];

const causeOf = (classes: readonly (string | undefined)[]): Cause | undefined =>
  CAUSES.find(([pattern]) => classes.some((name) => name !== undefined && pattern.test(name)))?.[1];

const plus = (start: string | undefined, milliseconds: number | undefined): string | undefined =>
  start === undefined ? undefined : new Date(Date.parse(start) + Math.min(Math.max(milliseconds ?? 0, 0), 1e11)).toISOString();

/** A running pipeline may carry a result already: it is not the last word. */
const hasEnded = (build: JenkinsBuild): boolean => build.result !== undefined && build.building !== true;

const seenBy = (build: JenkinsBuild, number: number): BuildSeen => {
  const actions = build.actions ?? [];
  const revision = actions.find(({ lastBuiltRevision }) => lastBuiltRevision)?.lastBuiltRevision;
  const parameter = actions.flatMap(({ parameters = [] }) => parameters).find(({ name }) => name === CORRELATION_NAME);
  const causes = actions.flatMap(({ causes: found = [] }) => found);
  return {
    number,
    predicate: hasEnded(build) ? 'finished' : 'started',
    result: build.result,
    url: build.url,
    branch: revision?.branch?.[0]?.name,
    sha: revision?.SHA1,
    startedAt: build.timestamp,
    finishedAt: hasEnded(build) ? plus(build.timestamp, build.duration) : undefined,
    correlation: correlationOf(parameter?.value),
    cause: causeOf(causes.map(({ _class }) => _class)),
    actor: causes.find(({ userId }) => userId)?.userId,
  };
};

/**
 * The same events from a build as Jenkins' REST API shows it: `started` while it has no result, then `finished`.
 * `jobPath` is the full name, `folder/job`, a multibranch item's name encoded (`shop/app/feature%2Fx`).
 */
export const jenkinsBuildEvents = (build: unknown, jobPath: string, context: EventContext): TranslatedEvent[] => {
  const read = jenkinsBuild(build);
  return read?.number === undefined ? [] : finishDrafts([buildDraft(seenBy(read, read.number), jobPath)], context);
};
