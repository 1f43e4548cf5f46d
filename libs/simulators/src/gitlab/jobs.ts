import type { Pipeline } from './pipeline.js';

/** A job of a pipeline. What others told about the commit is none. */
export interface Job {
  id: number;
  name: string;
  stage: string;
  status: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  failureReason: string | null;
  isManual: boolean;
  retried: boolean;
  variables: { key: string; value: string }[];
}

const common = { isManual: false, retried: false, variables: [] };

const reasonOf = (status: string, { planned }: Pipeline): string | null => (status === 'failed' ? (planned.reason ?? 'script_failure') : null);

const scan = (pipeline: Pipeline, attempt: number, of: Pick<Job, 'status' | 'startedAt' | 'finishedAt'>): Job =>
  ({ ...common, ...of, id: pipeline.id * 10 + attempt, name: 'scan', stage: 'test', createdAt: attempt === pipeline.attempt ? pipeline.begunAt : pipeline.createdAt, failureReason: reasonOf(of.status, pipeline) });

/** The one job that each pipeline has, `scan`; none in one that is made of commit statuses alone. */
export const ownJob = (pipeline: Pipeline): Job | undefined =>
  pipeline.work === null || pipeline.hidden ? undefined : scan(pipeline, pipeline.attempt, { status: pipeline.work, startedAt: pipeline.workStartedAt, finishedAt: pipeline.workFinishedAt });

/** Newest first. */
export const allJobs = (pipeline: Pipeline): Job[] => {
  const own = ownJob(pipeline);
  const former = (pipeline.hidden ? [] : pipeline.former).map(({ attempt, ...of }) => ({ ...scan(pipeline, attempt, of), retried: true }));
  const manual = pipeline.manual.map((job): Job => ({ ...job, stage: 'deploy', failureReason: null, isManual: true }));
  return [...manual, ...(own ? [own] : []), ...former].sort((a, b) => b.id - a.id);
};

export const latestJobs = (pipeline: Pipeline): Job[] => allJobs(pipeline).filter(({ retried }) => !retried);
