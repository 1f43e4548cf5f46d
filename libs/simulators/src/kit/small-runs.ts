import type { PlannedOutcome } from './outcomes.js';
import { Shelf } from './shelf.js';
import type { Workshop } from './simulator.js';

/** A run of a platform that knows no more of it than that it waits, runs and ends. */
export interface SmallRun {
  id: string;
  /** What outcomes are planned under, and what it is listed by. */
  key: string;
  state: 'waiting' | 'running' | 'ended';
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  planned: PlannedOutcome;
  /** Once it has ended: the platform's word. */
  result?: string;
  /** What the platform's own views need beside that. */
  details: Record<string, unknown>;
}

const WAITING_SHARE = 0.2;
const STOP_MILLISECONDS = 50;

/** Runs that go by on their own, over restarts. */
export class SmallRuns {
  private readonly runs: Shelf<SmallRun>;

  constructor(
    private readonly workshop: Workshop,
    private readonly announce: (run: SmallRun) => void = () => undefined,
  ) {
    this.runs = new Shelf(workshop.store.table<SmallRun>('runs'), { keyOf: ({ id }) => id, groupOf: ({ key }) => key, hasEnded: ({ state }) => state === 'ended' });
  }

  get(id: string): SmallRun | undefined {
    return this.runs.get(id);
  }

  /** Newest first. */
  list(key?: string): SmallRun[] {
    return [...this.runs.newest(key)];
  }

  start(of: { id: string; key: string; success: string; details?: Record<string, unknown>; planned?: PlannedOutcome }): SmallRun {
    const planned = of.planned ?? this.workshop.outcomes.take(of.key, of.success);
    const run = this.runs.put({ id: of.id, key: of.key, state: 'waiting', createdAt: new Date().toISOString(), planned, details: of.details ?? {} });
    this.schedule(run);
    return run;
  }

  /** Ends a run soon, as the platform ends what is cancelled; false when it has ended. */
  stop(id: string, result: string, details: Record<string, unknown> = {}): boolean {
    const run = this.runs.get(id);
    if (!run || run.state === 'ended') return false;
    this.runs.put({ ...run, details: { ...run.details, ...details } });
    this.workshop.timers.after(STOP_MILLISECONDS, () => this.end(id, result));
    return true;
  }

  resume(): void {
    for (const run of this.runs.values()) if (run.state !== 'ended') this.schedule(run);
  }

  private schedule(run: SmallRun): void {
    const whole = run.planned.milliseconds ?? this.workshop.runMilliseconds;
    const created = Date.parse(run.createdAt);
    if (run.state === 'waiting') this.workshop.timers.at(created + whole * WAITING_SHARE, () => this.begin(run.id));
    if (run.planned.result !== 'never') this.workshop.timers.at(created + whole, () => this.end(run.id, run.planned.result));
  }

  private begin(id: string): void {
    const run = this.runs.get(id);
    if (run?.state === 'waiting') this.announce(this.runs.put({ ...run, state: 'running', startedAt: new Date().toISOString() }));
  }

  private end(id: string, result: string): void {
    const run = this.runs.get(id);
    if (!run || run.state === 'ended') return;
    const now = new Date().toISOString();
    this.announce(this.runs.put({ ...run, state: 'ended', startedAt: run.startedAt ?? now, endedAt: now, result }));
  }
}
