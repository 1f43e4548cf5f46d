import type { Workshop } from '../kit/simulator.js';
import { newManualJob } from './new-pipeline.js';
import { ENDED, type ManualJob, type Pipeline } from './pipeline.js';
import type { Pipelines } from './pipelines.js';

const PENDING_SHARE = 0.2;

const isOn = ({ status }: ManualJob): boolean => status !== 'manual' && !ENDED.includes(status);

/** How manual jobs go by once they are played. */
export class ManualJobs {
  constructor(
    private readonly workshop: Workshop,
    private readonly pipelines: Pipelines,
  ) {}

  /** A manual job begins; one that has ended is run again, as another job. Undefined where it is on already. */
  play(pipeline: Pipeline, job: ManualJob, variables: ManualJob['variables']): ManualJob | undefined {
    if (isOn(job)) return undefined;
    const again = ENDED.includes(job.status);
    const played = { ...(again ? newManualJob(this.workshop.store, job.name, 'pending') : job), status: 'pending', variables };
    const others = pipeline.manual.filter(({ id }) => id !== job.id);
    this.pipelines.settle({ ...pipeline, manual: [...others, ...(again ? [{ ...job, retried: true }] : []), played] }, 'others');
    this.schedule(pipeline.id, played);
    return played;
  }

  resume(): void {
    for (const { id, manual } of this.pipelines.values()) for (const job of manual.filter(isOn)) this.schedule(id, job);
  }

  private schedule(pipeline: number, job: ManualJob): void {
    const [to, share] = job.status === 'pending' ? (['running', PENDING_SHARE] as const) : (['success', 1 - PENDING_SHARE] as const);
    this.workshop.timers.after(this.workshop.runMilliseconds * share, () => this.move(pipeline, job, to));
  }

  private move(id: number, job: ManualJob, to: string): void {
    const pipeline = this.pipelines.get(id);
    if (!pipeline) return;
    const now = new Date().toISOString();
    const moved = { ...job, status: to, ...(to === 'running' ? { startedAt: now } : { finishedAt: now }) };
    this.pipelines.settle({ ...pipeline, manual: pipeline.manual.map((one) => (one.id === job.id ? moved : one)) }, 'others');
    if (isOn(moved)) this.schedule(id, moved);
  }
}
