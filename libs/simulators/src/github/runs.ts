import { randomBytes } from 'node:crypto';
import type { PlannedOutcome } from '../kit/outcomes.js';
import type { Workshop } from '../kit/simulator.js';
import { Shelf } from '../kit/shelf.js';
import { currentAttempt, type GithubAttempt, type GithubRun, withAttempt } from './github-run.js';

/** Share of a run's time that it spends queued. */
const QUEUED_SHARE = 0.2;
const CANCEL_MILLISECONDS = 50;
/** No runner ever works for these; `in_progress` is said when one does. */
const NEVER_BEGIN = ['skipped', 'startup_failure', 'action_required'];

export type RunAction = 'requested' | 'in_progress' | 'completed';

export interface NewGithubRun {
  repository: string;
  headRepository?: string;
  workflow: string;
  event: string;
  branch: string;
  sha?: string;
  actor: string;
  title: string;
  message?: string;
  planned: PlannedOutcome;
}

/** The workflow runs and how they go by. */
export class GithubRuns {
  private readonly shelf: Shelf<GithubRun>;
  /** Ids go on from the clock, as numbers that no earlier simulator on this port has given. */
  private readonly firstId: number;

  constructor(
    private readonly workshop: Workshop,
    private readonly announce: (run: GithubRun, action: RunAction) => void,
  ) {
    this.shelf = new Shelf(workshop.store.table<GithubRun>('runs'), {
      keyOf: ({ id }) => id,
      groupOf: ({ repository }) => repository,
      hasEnded: (run) => currentAttempt(run).status === 'completed',
    });
    const known = workshop.store.table<number>('first-id');
    this.firstId = known.get('run') ?? known.put('run', Math.floor(Date.now() / 10));
  }

  /** Newest first; those of a repository from those that are not too new. */
  newest(repository?: string, isTooNew?: (run: GithubRun) => boolean): Iterable<GithubRun> {
    return this.shelf.newest(repository, isTooNew);
  }

  count(repository: string): number {
    return this.shelf.count(repository);
  }

  find(repository: string, id: string): GithubRun | undefined {
    const run = this.shelf.get(id);
    return run?.repository === repository ? run : undefined;
  }

  create(request: NewGithubRun): GithubRun {
    const { planned, ...rest } = request;
    const run: GithubRun = {
      ...rest,
      id: this.firstId + this.workshop.store.next('run') * 2,
      headRepository: request.headRepository ?? request.repository,
      number: this.workshop.store.next(`run ${request.repository} ${request.workflow}`),
      sha: request.sha ?? randomBytes(20).toString('hex'),
      message: request.message ?? request.title,
      createdAt: now(),
      attempts: [newAttempt(1, planned)],
    };
    return this.begin(run);
  }

  rerun(run: GithubRun, planned: PlannedOutcome): GithubRun {
    return this.begin({ ...run, attempts: [...run.attempts, newAttempt(run.attempts.length + 1, planned)] });
  }

  /** False when the run has ended already. */
  cancel(run: GithubRun): boolean {
    if (currentAttempt(run).status === 'completed') return false;
    this.put(withAttempt(run, { planned: { result: 'cancelled' } }));
    this.workshop.timers.after(CANCEL_MILLISECONDS, () => this.move(run.id, currentAttempt(run).number, 'completed'));
    return true;
  }

  /** False while it runs. */
  delete(run: GithubRun): boolean {
    if (currentAttempt(run).status !== 'completed') return false;
    this.shelf.remove(run);
    return true;
  }

  /** After a restart each run goes on from where it was. */
  resume(): void {
    for (const run of this.shelf.values()) this.scheduleNext(run);
  }

  private begin(run: GithubRun): GithubRun {
    this.put(run);
    this.announce(run, 'requested');
    this.scheduleNext(run);
    return run;
  }

  private scheduleNext(run: GithubRun): void {
    const attempt = currentAttempt(run);
    const { timers, runMilliseconds } = this.workshop;
    const whole = attempt.planned.milliseconds ?? runMilliseconds;
    const start = Date.parse(attempt.createdAt);
    const begins = !NEVER_BEGIN.includes(attempt.planned.result);
    if (attempt.status === 'queued' && begins) timers.at(start + whole * QUEUED_SHARE, () => this.move(run.id, attempt.number, 'in_progress'));
    if ((attempt.status === 'in_progress' || (attempt.status === 'queued' && !begins)) && attempt.planned.result !== 'never')
      timers.at(start + whole, () => this.move(run.id, attempt.number, 'completed'));
  }

  private move(id: number, attemptNumber: number, to: 'in_progress' | 'completed'): void {
    const run = this.shelf.get(id);
    if (!run) return;
    const attempt = currentAttempt(run);
    if (attempt.number !== attemptNumber || attempt.status === 'completed' || attempt.status === to) return;
    const conclusion = to === 'completed' ? attempt.planned.result : null;
    const moved = this.put(withAttempt(run, { status: to, conclusion, updatedAt: now(), ...(to === 'in_progress' ? { startedAt: now(), hasBegun: true } : {}) }));
    this.announce(moved, to);
    this.scheduleNext(moved);
  }

  private put(run: GithubRun): GithubRun {
    return this.shelf.put(run);
  }
}

const now = (): string => new Date().toISOString();

const newAttempt = (number: number, planned: PlannedOutcome): GithubAttempt => ({
  number,
  status: 'queued',
  conclusion: null,
  createdAt: now(),
  startedAt: now(),
  updatedAt: now(),
  planned,
});
