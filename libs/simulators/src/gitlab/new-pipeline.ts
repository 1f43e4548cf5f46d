import { createHash } from 'node:crypto';
import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Store } from '../kit/store.js';
import type { ManualJob, Pipeline, PipelineVariable } from './pipeline.js';
import type { GitlabProject } from './project.js';

/** Manual jobs are numbered apart from the one job that each pipeline has. */
const FIRST_MANUAL = 90_000_000_000;

export interface NewPipeline {
  project: GitlabProject;
  ref: string;
  sha?: string;
  source: string;
  variables: PipelineVariable[];
  user: string;
  message?: string;
  planned: PlannedOutcome;
  /** Made of commit statuses alone: nothing of its own runs. */
  external?: boolean;
}

/** A pipeline that has just been created; ids begin after `firstId`. */
export const newPipeline = (store: Store, firstId: number, request: NewPipeline): Pipeline => {
  const { project, ref, planned, source, variables, user } = request;
  const now = new Date().toISOString();
  return {
    id: firstId + store.next('pipeline'),
    iid: store.next(`pipeline of ${project.id}`),
    projectId: project.id,
    ref,
    tag: project.tags?.includes(ref) ?? false,
    sha: request.sha ?? createHash('sha1').update(`${project.path} ${ref}`).digest('hex'),
    source,
    status: 'created',
    name: null,
    variables,
    user,
    message: request.message ?? 'Update',
    attempt: 1,
    begunAt: now,
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    finishedAt: null,
    planned,
    work: request.external ? null : 'created',
    workStartedAt: null,
    workFinishedAt: null,
    former: [],
    hidden: project.triggerJobsOnly ?? false,
    manual: (request.external ? [] : (project.manualJobs ?? [])).map((name) => newManualJob(store, name, 'manual')),
  };
};

export const newManualJob = (store: Store, name: string, status: string): ManualJob =>
  ({ id: FIRST_MANUAL + store.next('manual job'), name, status, createdAt: new Date().toISOString(), startedAt: null, finishedAt: null, variables: [], retried: false });
