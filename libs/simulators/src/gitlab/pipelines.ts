import { createHash } from 'node:crypto';
import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import { Shelf } from '../kit/shelf.js';
import { hasEnded, type Pipeline, type PipelineVariable } from './pipeline.js';
import type { GitlabProject } from './project.js';

/** Shares of a pipeline's time after which it is pending, and running. */
const PENDING_SHARE = 0.05;
const RUNNING_SHARE = 0.2;
const CANCEL_MILLISECONDS = 50;

const NEXT: Record<string, { to: string; share: number }> = {
  created: { to: 'pending', share: PENDING_SHARE },
  pending: { to: 'running', share: RUNNING_SHARE },
};

export interface NewPipeline {
  project: GitlabProject;
  ref: string;
  sha?: string;
  source: string;
  variables: PipelineVariable[];
  user: string;
  message?: string;
  planned: PlannedOutcome;
}

/** The pipelines and how they go by. */
export class Pipelines {
  private readonly shelf: Shelf<Pipeline>;
  private readonly firstId: number;

  constructor(
    private readonly workshop: Workshop,
    private readonly announce: (pipeline: Pipeline) => void,
  ) {
    this.shelf = new Shelf(workshop.store.table<Pipeline>('pipelines'), { keyOf: ({ id }) => id, groupOf: ({ projectId }) => String(projectId), hasEnded });
    const known = workshop.store.table<number>('first-id');
    // From the clock, so that no id of an earlier simulator on this port comes again.
    this.firstId = known.get('pipeline') ?? known.put('pipeline', Math.floor(Date.now() / 1000));
  }

  /** Newest first; those of a project from those created before a time. */
  newest(projectId?: number, createdBefore?: string): Iterable<Pipeline> {
    const isTooNew = createdBefore === undefined ? undefined : ({ createdAt }: Pipeline): boolean => createdAt >= createdBefore;
    return this.shelf.newest(projectId === undefined ? undefined : String(projectId), isTooNew);
  }

  /** Oldest first, of those of a project that were created after a time. */
  since(projectId: number, createdAfter = ''): Iterable<Pipeline> {
    return this.shelf.since(String(projectId), ({ createdAt }) => createdAt > createdAfter);
  }

  find(projectId: number, id: string): Pipeline | undefined {
    const pipeline = this.shelf.get(id);
    return pipeline?.projectId === projectId ? pipeline : undefined;
  }

  create(request: NewPipeline): Pipeline {
    const { project, ref, planned, source, variables, user } = request;
    const now = new Date().toISOString();
    const pipeline: Pipeline = {
      id: this.firstId + this.workshop.store.next('pipeline'),
      iid: this.workshop.store.next(`pipeline of ${project.id}`),
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
    };
    this.put(pipeline);
    this.scheduleNext(pipeline);
    return pipeline;
  }

  /** Runs the failed and cancelled jobs again; without any such job nothing happens. */
  retry(pipeline: Pipeline, plan: () => PlannedOutcome): Pipeline {
    if (!['failed', 'canceled'].includes(pipeline.status)) return pipeline;
    const again = this.put({
      ...pipeline,
      attempt: pipeline.attempt + 1,
      status: 'pending',
      planned: plan(),
      begunAt: new Date().toISOString(),
      finishedAt: null,
      updatedAt: new Date().toISOString(),
    });
    this.announce(again);
    this.scheduleNext(again);
    return again;
  }

  /** Cancelling takes a moment; the answer is 200 whatever the state. */
  cancel(pipeline: Pipeline): Pipeline {
    if (hasEnded(pipeline)) return pipeline;
    const cancelled = this.put({ ...pipeline, planned: { result: 'canceled' } });
    this.workshop.timers.after(CANCEL_MILLISECONDS, () => this.move(pipeline.id, pipeline.attempt, 'canceled'));
    return cancelled;
  }

  resume(): void {
    for (const pipeline of this.shelf.values()) this.scheduleNext(pipeline);
  }

  private scheduleNext(pipeline: Pipeline): void {
    const whole = pipeline.planned.milliseconds ?? this.workshop.runMilliseconds;
    const step = NEXT[pipeline.status] ?? (pipeline.status === 'running' ? { to: pipeline.planned.result, share: 1 } : undefined);
    if (!step || step.to === 'never') return;
    this.workshop.timers.at(Date.parse(pipeline.begunAt) + whole * step.share, () => this.move(pipeline.id, pipeline.attempt, step.to));
  }

  private move(id: number, attempt: number, to: string): void {
    const pipeline = this.shelf.get(id);
    if (!pipeline || pipeline.attempt !== attempt || hasEnded(pipeline) || pipeline.status === to) return;
    const now = new Date().toISOString();
    const moved = { ...pipeline, status: to, updatedAt: now, ...(to === 'running' ? { startedAt: now } : {}) };
    const put = this.put(hasEnded(moved) ? { ...moved, finishedAt: now } : moved);
    this.announce(put);
    this.scheduleNext(put);
  }

  private put(pipeline: Pipeline): Pipeline {
    return this.shelf.put(pipeline);
  }
}
