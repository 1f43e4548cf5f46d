import { createHash } from 'node:crypto';
import { BY_HAND } from './messages/run-requested.message.js';
import type { Platform } from './platforms.js';

/** Why a command exists; counted per (run, step, purpose). */
export type Purpose = 'run' | 'rollback' | 'cancel' | 'report';

/** `<connection>:<platform's delivery id>`. */
export const hookId = (connection: string, delivery: string): string => `${connection}:${delivery}`;

/** `<hook id>:<subject>.<predicate>[:<object id>]`; `type` is the short form. */
export const eventId = (hook: string, type: string, object?: string): string =>
  object === undefined ? `${hook}:${type}` : `${hook}:${type}:${object}`;

/** The id of an event that a poll saw. */
export const polledEventId = (connection: string, fact: string): string => `${connection}:poll:${fact}`;

/** `<run id>:<step>:<purpose>:<n>`, n from 1. The flow's revision is left out: an edit must not trigger again. */
export const commandId = (run: string, step: string, purpose: Purpose, n: number): string => `${run}:${step}:${purpose}:${n}`;

/** The parts of a command id; undefined when the text is none. */
export const parseCommandId = (id: string): { run: string; step: string; purpose: Purpose; n: number } | undefined => {
  const match = /^([^:]+):([^:]+):(run|rollback|cancel|report):(\d+)$/.exec(id);
  if (!match) return undefined;
  return { run: match[1]!, step: match[2]!, purpose: match[3] as Purpose, n: Number(match[4]) };
};

/** A message's id without what its replay added. */
export const originalId = (messageId: string): string => messageId.replace(/:replay:\d+$/, '');

/** Message id of the n-th replay of a message, or of one of its replays; the CloudEvents id stays. */
export const replayId = (messageId: string, n: number): string => `${originalId(messageId)}:replay:${n}`;

/** Id of an event, or its fact, made once more on purpose by the n-th replay: whatever it started starts again. */
export const againId = (id: string, n: number): string => `${id}:again:${n}`;

/** `<run id>:<step>:approval:<n>`: the n-th time that this step asks people. */
export const approvalId = (run: string, step: string, n: number): string => `${run}:${step}:approval:${n}`;

/** The parts of an approval's id; undefined when the text is none. */
export const parseApprovalId = (id: string): { run: string; step: string; n: number } | undefined => {
  const match = /^([^:]+):([^:]+):approval:([1-9]\d{0,8})$/.exec(id);
  return match ? { run: match[1]!, step: match[2]!, n: Number(match[3]) } : undefined;
};

/**
 * A command id as a name that is free of dots and a DNS label (RFC 1123): for platforms where the name of a run is chosen by who starts it,
 * and as `webhook-id`.
 */
export const nameOfCommand = (id: string): string => `stellwerk-${createHash('sha256').update(id).digest('hex').slice(0, 40)}`;

/** One run per (flow, trigger, fact): the id is a UUID (version 8 layout) made from exactly these, so that it cannot be made twice. */
export const runId = (flow: string, trigger: number, fact: string): string => {
  const hash = createHash('sha256').update(JSON.stringify([flow, trigger, fact])).digest('hex');
  const variant = ((parseInt(hash[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/**
 * Id and fact of an order to start a flow by hand: made from the person's key, so that the same key starts one run of the flow. Neither an
 * id that begins with a connection's name nor a fact that begins with an origin can be the same, whatever key a person chooses.
 */
export const requestId = (flow: string, key: string): string => `/requests/${flow}/${key}`;

/** Id of the run that such an order starts. */
export const requestedRunId = (flow: string, request: string): string => runId(flow, BY_HAND, request);

/** Whose URL is an API's root or one endpoint: the path in it is not where an instance is installed. */
const WITHOUT_PATH: readonly Platform[] = ['github', 'webhook'];

/** The origin that facts begin with: scheme, host and port; but for github and webhook also the path the instance is installed under. */
export const instanceOrigin = (platform: Platform, url: string): string => {
  const parsed = new URL(url);
  const path = parsed.pathname.replace(/\/+$/, '');
  return WITHOUT_PATH.includes(platform) ? parsed.origin : `${parsed.origin}${path}`;
};

/** All events of one (flow, join, key) belong together. `join` is the join's id within its flow. */
export const joinId = (flow: string, join: string, key: string): string =>
  createHash('sha256').update(JSON.stringify([flow, join, key])).digest('hex').slice(0, 40);

export interface FactParts {
  /** From `instanceOrigin`. */
  origin: string;
  repository: string;
  /** The event's subject: pipelinerun, taskrun, change … */
  kind: string;
  id: string;
  /** Attempt number; for GitLab pipelines that ended, `finishedAt` to the second (a retried pipeline keeps its id). */
  attempt: string | number;
  predicate: string;
}

/** `<origin>/<repository>/<kind>/<id>/<attempt>/<predicate>`: the thing that happened, whoever told us. */
export const factOf = (fact: FactParts): string =>
  [fact.origin, fact.repository, fact.kind, fact.id, fact.attempt, fact.predicate].join('/');

/**
 * A second name of the end of a platform's run, from when its own jobs were over: what does not run again has the same one, however often
 * it ends. What a replay has added to the fact stays. Undefined where no jobs are known.
 */
export const factByJobs = ({ fact, jobsFinishedAt }: { fact: string; jobsFinishedAt?: string }): string | undefined => {
  if (jobsFinishedAt === undefined) return undefined;
  const parts = fact.split('/');
  return [...parts.slice(0, -2), jobsFinishedAt, parts.at(-1)].join('/');
};

/** The name of a platform's run over all its attempts: `<origin>/<repository>/pipelinerun/<id>`. */
export const platformRunKey = (origin: string, repository: string, id: string): string => `${origin}/${repository}/pipelinerun/${id}`;

/** The platform run a pipelinerun event speaks of: its fact without attempt and predicate. */
export const platformRunKeyOfFact = (fact: string): string => fact.split('/').slice(0, -2).join('/');
