import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import { Shelf } from '../kit/shelf.js';
import type { Table } from '../kit/store.js';
import { type Build, buildKey, counterOf, findNamed, isNamed, type Parameters, type QueueItem, sameOrder } from './build.js';

const QUEUED_SHARE = 0.2;
const STOP_MILLISECONDS = 50;

export interface NewBuild {
  job: string;
  parameters: Parameters;
  cause: string;
  plan: () => PlannedOutcome;
  sha?: string;
  branch?: string;
}

/** Queue and builds, and how they go by. */
export class Builds {
  private readonly queue: Table<QueueItem>;
  private readonly builds: Shelf<Build>;
  /** Ids of items that wait, in their order. */
  private readonly waiting = new Set<number>();
  /** Items that left the queue, in the order of leaving. */
  private readonly left: number[] = [];

  constructor(
    private readonly workshop: Workshop,
    /** Jenkins forgets a queue item so long after it left the queue. */
    private readonly forgetMilliseconds: number,
    private readonly announce: (build: Build) => void,
  ) {
    this.queue = workshop.store.table<QueueItem>('queue');
    this.builds = new Shelf(workshop.store.table<Build>('builds'), { keyOf: ({ job, number }) => buildKey(job, number), groupOf: ({ job }) => job, hasEnded: ({ building }) => !building });
    for (const item of this.queue.values()) this.note(item);
  }

  /** Newest first. */
  newest(job?: string): Iterable<Build> {
    return this.builds.newest(job);
  }

  count(job: string): number {
    return this.builds.count(job);
  }

  /** The number given last; it grows also where builds were deleted. */
  lastNumber(job: string): number {
    return this.workshop.store.table<number>('counters').get(counterOf(job)) ?? 0;
  }

  /** The job is deleted: its builds go with it, and its numbers begin anew. */
  forgetJob(job: string): void {
    for (const build of [...this.builds.newest(job)]) this.builds.remove(build);
    this.workshop.store.table<number>('counters').delete(counterOf(job));
  }

  renameJob(job: string, renamed: string): void {
    const [builds, last] = [[...this.builds.newest(job)].reverse(), this.lastNumber(job)];
    this.forgetJob(job);
    for (const build of builds) this.putBuild({ ...build, job: renamed });
    this.workshop.store.table<number>('counters').put(counterOf(renamed), last);
  }

  find(job: string, number: string): Build | undefined {
    return isNamed(number) ? findNamed(this.builds.newest(job), number) : this.builds.get(buildKey(job, Number(number)));
  }

  queued(): QueueItem[] {
    return [...this.waiting].map((id) => this.queue.get(id)!);
  }

  /** Undefined when there was none, or it is forgotten. */
  queueItem(id: string): QueueItem | undefined {
    const item = this.queue.get(id);
    return item?.leftAt !== undefined && Date.parse(item.leftAt) + this.forgetMilliseconds < Date.now() ? undefined : item;
  }

  /** A waiting item of the same job and parameters is given back instead of a second one. */
  schedule(request: NewBuild): QueueItem {
    const { plan, ...order } = request;
    const waiting = this.queued().find((item) => sameOrder(item, order.job, order.parameters));
    if (waiting) return waiting;
    const item = this.putItem({
      ...order,
      id: this.workshop.store.next('queue'),
      since: new Date().toISOString(),
      cancelled: false,
      planned: plan(),
    });
    this.scheduleStart(item);
    return item;
  }

  cancelItem(id: string): boolean {
    const item = this.queueItem(id);
    if (!item || item.build !== undefined) return false;
    this.putItem({ ...item, cancelled: true, leftAt: new Date().toISOString() });
    return true;
  }

  stop(build: Build): void {
    if (!build.building) return;
    const stopped = this.putBuild({ ...build, planned: { result: 'ABORTED' } });
    this.workshop.timers.after(STOP_MILLISECONDS, () => this.finish(stopped));
  }

  resume(): void {
    for (const item of this.queued()) this.scheduleStart(item);
    for (const build of this.builds.values()) if (build.building) this.scheduleEnd(build);
  }

  private scheduleStart(item: QueueItem): void {
    const whole = item.planned.milliseconds ?? this.workshop.runMilliseconds;
    this.workshop.timers.at(Date.parse(item.since) + whole * QUEUED_SHARE, () => this.start(item.id));
  }

  private start(id: number): void {
    const item = this.queue.get(id);
    if (!item || item.cancelled || item.build !== undefined) return;
    const number = this.workshop.store.next(counterOf(item.job));
    const { job, parameters, cause, planned, sha, branch } = item;
    const begun = { startedAt: new Date().toISOString(), duration: 0, building: true, result: null };
    const build = this.putBuild({ job, number, queueId: id, parameters, cause, planned, sha, branch, ...begun });
    this.putItem({ ...item, build: number, leftAt: build.startedAt });
    this.announce(build);
    this.scheduleEnd(build);
  }

  private scheduleEnd(build: Build): void {
    if (build.planned.result === 'never') return;
    const whole = build.planned.milliseconds ?? this.workshop.runMilliseconds;
    this.workshop.timers.at(Date.parse(build.startedAt) + whole * (1 - QUEUED_SHARE), () => this.finish(build));
  }

  private finish({ job, number }: Build): void {
    const build = this.builds.get(buildKey(job, number));
    if (!build?.building) return;
    this.announce(this.putBuild({ ...build, building: false, result: build.planned.result, duration: Date.now() - Date.parse(build.startedAt) }));
  }

  private putItem(item: QueueItem): QueueItem {
    this.note(item);
    return this.queue.put(item.id, item);
  }

  /** Jenkins forgets items some time after they left the queue, and so does the memory. */
  private note(item: QueueItem): void {
    if (item.build === undefined && !item.cancelled) return void this.waiting.add(item.id);
    this.waiting.delete(item.id);
    this.left.push(item.id);
    const forgotten = Date.now() - this.forgetMilliseconds;
    while (this.left.length > 0 && Date.parse(this.queue.get(this.left[0]!)?.leftAt ?? '') < forgotten) this.queue.delete(this.left.shift()!);
  }

  private putBuild(build: Build): Build {
    return this.builds.put(build);
  }
}
