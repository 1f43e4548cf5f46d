import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import { Shelf } from '../kit/shelf.js';
import { newPipeline, type NewPipeline } from './new-pipeline.js';
import { ENDED, hasEnded, statusOf, type Pipeline } from './pipeline.js';

/** Shares of a pipeline's time after which it is pending, and running. */
const PENDING_SHARE = 0.05;
const RUNNING_SHARE = 0.2;
const CANCEL_MILLISECONDS = 50;

const NEXT: Record<string, { to: string; share: number }> = {
  created: { to: 'pending', share: PENDING_SHARE },
  pending: { to: 'running', share: RUNNING_SHARE },
};

/** What moves a pipeline: the one job it has, or a manual job or what others told about the commit. */
export type MovedBy = 'job' | 'others';

/** The pipelines and how they go by. */
export class Pipelines {
  private readonly shelf: Shelf<Pipeline>;
  private readonly firstId: number;

  constructor(
    private readonly workshop: Workshop,
    private readonly announce: (pipeline: Pipeline, by: MovedBy, moved: boolean) => void,
    /** States that others told about a pipeline, the newest of each name. */
    private readonly external: (pipeline: Pipeline) => readonly string[],
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

  values(): Pipeline[] {
    return this.shelf.values();
  }

  get(id: number): Pipeline | undefined {
    return this.shelf.get(id);
  }

  find(projectId: number, id: string): Pipeline | undefined {
    const pipeline = this.shelf.get(id);
    return pipeline?.projectId === projectId ? pipeline : undefined;
  }

  create(request: NewPipeline): Pipeline {
    const pipeline = this.put(newPipeline(this.workshop.store, this.firstId, request));
    this.scheduleNext(pipeline);
    return pipeline;
  }

  /** Runs the failed and cancelled jobs again; without any such job nothing happens. */
  retry(pipeline: Pipeline, plan: () => PlannedOutcome): Pipeline {
    const { attempt, work, workStartedAt, workFinishedAt } = pipeline;
    if (work === null || !['failed', 'canceled'].includes(work)) return pipeline;
    const now = new Date().toISOString();
    // The end it came to stays to be seen until the next.
    const again = this.put({
      ...pipeline,
      attempt: attempt + 1,
      status: 'pending',
      work: 'pending',
      workStartedAt: null,
      workFinishedAt: null,
      former: [...pipeline.former, { attempt, status: work, startedAt: workStartedAt, finishedAt: workFinishedAt }],
      planned: plan(),
      begunAt: now,
      updatedAt: now,
    });
    this.announce(again, 'job', true);
    this.scheduleNext(again);
    return again;
  }

  /** Cancelling takes a moment; the answer is 200 whatever the state. */
  cancel(pipeline: Pipeline): Pipeline {
    if (pipeline.work === null || ENDED.includes(pipeline.work)) return pipeline;
    const cancelled = this.put({ ...pipeline, planned: { result: 'canceled' } });
    this.workshop.timers.after(CANCEL_MILLISECONDS, () => this.move(pipeline.id, pipeline.attempt, 'canceled'));
    return cancelled;
  }

  /** Something was told about the pipeline from outside. */
  told(pipeline: Pipeline): void {
    this.settle(pipeline, 'others');
  }

  resume(): void {
    for (const pipeline of this.shelf.values()) this.scheduleNext(pipeline);
  }

  private scheduleNext(pipeline: Pipeline): void {
    const { work } = pipeline;
    if (work === null) return;
    const whole = pipeline.planned.milliseconds ?? this.workshop.runMilliseconds;
    const step = NEXT[work] ?? (work === 'running' ? { to: pipeline.planned.result, share: 1 } : undefined);
    if (!step || step.to === 'never') return;
    this.workshop.timers.at(Date.parse(pipeline.begunAt) + whole * step.share, () => this.move(pipeline.id, pipeline.attempt, step.to));
  }

  private move(id: number, attempt: number, to: string): void {
    const pipeline = this.shelf.get(id);
    const work = pipeline?.work ?? null;
    if (!pipeline || work === null || pipeline.attempt !== attempt || ENDED.includes(work) || work === to) return;
    const now = new Date().toISOString();
    const moved = { ...pipeline, work: to, ...(to === 'running' ? { workStartedAt: now, startedAt: now } : {}), ...(ENDED.includes(to) ? { workFinishedAt: now } : {}) };
    this.scheduleNext(this.settle(moved, 'job'));
  }

  /** What all its parts come to. */
  settle(pipeline: Pipeline, by: MovedBy): Pipeline {
    const status = statusOf(pipeline, this.external(pipeline));
    const now = new Date().toISOString();
    const put = this.put({ ...pipeline, status, updatedAt: now, ...(hasEnded({ status }) && status !== pipeline.status ? { finishedAt: now } : {}) });
    this.announce(put, by, status !== pipeline.status);
    return put;
  }

  private put(pipeline: Pipeline): Pipeline {
    return this.shelf.put(pipeline);
  }
}
