import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import type { Table } from '../kit/store.js';
import { type Build, buildKey, type Parameters, type QueueItem, sameOrder } from './build.js';

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
  private readonly builds: Table<Build>;

  constructor(
    private readonly workshop: Workshop,
    /** Jenkins forgets a queue item so long after it left the queue. */
    private readonly forgetMilliseconds: number,
    private readonly announce: (build: Build) => void,
  ) {
    this.queue = workshop.store.table<QueueItem>('queue');
    this.builds = workshop.store.table<Build>('builds');
  }

  /** Newest first. */
  list(job?: string): Build[] {
    return this.builds
      .values()
      .filter((build) => job === undefined || build.job === job)
      .reverse();
  }

  find(job: string, number: string): Build | undefined {
    const all = this.list(job);
    const ended = all.filter((build) => !build.building);
    const named: Record<string, Build | undefined> = {
      lastBuild: all[0],
      lastCompletedBuild: ended[0],
      lastSuccessfulBuild: ended.find((build) => build.result === 'SUCCESS'),
      lastFailedBuild: ended.find((build) => build.result === 'FAILURE'),
      lastUnsuccessfulBuild: ended.find((build) => build.result !== 'SUCCESS'),
    };
    return number in named ? named[number] : this.builds.get(buildKey(job, Number(number)));
  }

  queued(): QueueItem[] {
    return this.queue.values().filter((item) => item.build === undefined && !item.cancelled);
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
    const item = this.queue.get(id)!;
    if (item.cancelled || item.build !== undefined) return;
    const number = this.workshop.store.next(`build of ${item.job}`);
    const { job, parameters, cause, planned, sha, branch } = item;
    const build = this.putBuild({
      job,
      number,
      queueId: id,
      parameters,
      cause,
      planned,
      sha,
      branch,
      startedAt: new Date().toISOString(),
      duration: 0,
      building: true,
      result: null,
    });
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
    const build = this.builds.get(buildKey(job, number))!;
    if (!build.building) return;
    this.announce(this.putBuild({ ...build, building: false, result: build.planned.result, duration: Date.now() - Date.parse(build.startedAt) }));
  }

  private putItem(item: QueueItem): QueueItem {
    return this.queue.put(item.id, item);
  }

  private putBuild(build: Build): Build {
    return this.builds.put(buildKey(build.job, build.number), build);
  }
}
