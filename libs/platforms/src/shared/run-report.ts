import { nameOfCommand, readOutputs, type Outcome } from '@stellwerk/contracts';
import { correlationOf } from './correlation.js';
import { ignored, type Draft, type Told } from './drafts.js';
import { instant } from './instants.js';
import { identifier, isRecord, link, present, record, shape, text, title, type ReadBy } from './read.js';

/**
 * The one small form in which systems whose hooks are templates of the user tell of a run, in the envelope of Standard Webhooks:
 * `{ type: "pipelinerun.finished", timestamp, data: { id, repository, pipeline, outcome, url, stellwerkId … } }`.
 * `stellwerkId` is the id of the command that we sent along. Described for people in docs/reference/run-report.md.
 */
export const runReport = shape({
  type: text,
  timestamp: instant,
  data: shape({
    id: identifier, repository: text, pipeline: text, branch: text, tag: text, sha: text, outcome: text, message: text, title, actor: text, environment: text,
    url: link, startedAt: instant, finishedAt: instant, stellwerkId: text, correlation: text,
    outputs: record,
  }),
});

export type RunReport = NonNullable<NonNullable<ReadBy<typeof runReport>>['data']>;

type RunType = 'pipelinerun.queued' | 'pipelinerun.started' | 'pipelinerun.finished';

const TYPES: readonly RunType[] = ['pipelinerun.queued', 'pipelinerun.started', 'pipelinerun.finished'];

/** A type a run report may have; undefined for all others. */
export const runTypeOf = (type: string | undefined): RunType | undefined => TYPES.find((one) => one === type);

/** Where a platform's reports differ from each other. */
export interface ReportRules {
  /** The outcome behind the platform's words, or ours. */
  outcomeOf(word: string | undefined, message: string | undefined): Outcome | undefined;
  /** Place of a report that names none. */
  repository?: string;
  /** A run of ours is known by a name made from its command's id, whatever the platform calls it. */
  namedByCommand?: boolean;
  /** An end may bring outputs. Only where no poll tells the same end without them, possibly first. */
  outputs?: boolean;
}

/** The command whose run this is; only whole command ids count. */
export const commandOf = ({ stellwerkId, correlation }: RunReport): string | undefined => correlationOf(stellwerkId) ?? correlationOf(correlation);

const identityOf = (data: RunReport, rules: ReportRules): { id?: string; repository?: string } => {
  const command = commandOf(data);
  if (command !== undefined && rules.namedByCommand) return { id: nameOfCommand(command), repository: rules.repository ?? data.repository };
  return { id: data.id, repository: data.repository ?? rules.repository };
};

/** What is known of a report beside what it says. */
interface Found {
  id: string;
  repository: string;
  outcome?: Outcome;
  at?: string;
  outputs?: boolean;
}

const draftOf = (type: RunType, data: RunReport, { id, repository, outcome, at, outputs: asked }: Found): Draft => {
  const { outcome: word, message, url, stellwerkId: _id, correlation: _correlation, id: told, repository: _repository, startedAt, finishedAt, outputs: given, ...plain } = data;
  const finished = type === 'pipelinerun.finished';
  const { outputs, leftOut } = finished && asked ? readOutputs(given) : {};
  const command = commandOf(data);
  return {
    type,
    object: id,
    data: {
      ...plain,
      ...present({
        cause: command === undefined ? undefined : ('api' as const), run: present({ id, attempt: 1, url }), url, outcome: finished ? outcome : undefined,
        startedAt, finishedAt: finished ? (finishedAt ?? at) : undefined, occurredAt: (finished ? finishedAt : startedAt) ?? at, correlation: command, outputs,
        raw: present({ outcome: word, message, id: told === id ? undefined : told, outputs: leftOut }),
      }),
      repository,
    },
  };
};

/** What a report tells. An end without an outcome that we know is none. */
export const tellRun = (body: unknown, rules: ReportRules): Told => {
  const report = isRecord(body) ? runReport(body) : undefined;
  const type = runTypeOf(report?.type);
  if (!type) return ignored('type is none of a run report');
  const data = report?.data ?? {};
  const { id, repository } = identityOf(data, rules);
  if (id === undefined) return ignored('run report without id');
  if (repository === undefined) return ignored('run report without repository');
  const outcome = rules.outcomeOf(data.outcome, data.message);
  if (type === 'pipelinerun.finished' && outcome === undefined) return ignored('end without an outcome that is known');
  return [draftOf(type, data, { id, repository, outcome, at: report?.timestamp, outputs: rules.outputs })];
};
