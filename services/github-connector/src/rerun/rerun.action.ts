import { Fields, Refused, type ActionCall, type ConnectorAction, type Looked, type Repeated, type Sent, type Target } from '@stellwerk/connector-kit';
import { CLOCK_SKEW_MS, ROUNDING_MS } from '../dispatched-runs/find-run.js';
import { expectStatus, readAttempt, readRun, repositoryPath, writeJson, type RunAnswer } from '../github.client.js';
import { runIdIn } from '../run-id.js';
import { startedRunOf } from '../started-run.js';

interface With {
  repository: string;
  run: string;
  failedOnly: boolean;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('rerun', values);
  return { repository: fields.text('repository'), run: runIdIn(fields), failedOnly: fields.booleanOf('failed-only') ?? false };
};

/** Of a run that people go on rerunning. */
const MOST_ATTEMPTS_READ = 10;

/** Milliseconds from the call to the begin of the attempt that the answer shows. */
const sinceCall = ({ run_started_at: startedAt, created_at: createdAt = '' }: RunAnswer, sentAt: Date): number => Date.parse(startedAt ?? createdAt) - sentAt.getTime();

const repeated = (run: RunAnswer, asked: string, attempt: number): Repeated => {
  const { repository, id } = startedRunOf(run, asked, undefined);
  return { repository, id, attempt };
};

/** `github/rerun`: the run keeps its id and gets one more attempt. */
export class RerunAction implements ConnectorAction {
  readonly name = 'rerun';
  readonly follows = false;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];

  target(values: Record<string, unknown>): Target {
    const { repository, run } = read(values);
    repositoryPath(repository);
    return { repository, pipeline: `rerun of ${run}` };
  }

  /** An attempt bears no id of ours: two of one run could be taken for each other. */
  async exclusive(): Promise<boolean> {
    return true;
  }

  /** The attempt is counted from what there was right before: the answer does not name it, and afterwards there may be more. */
  async send(call: ActionCall): Promise<Sent> {
    const { repository, run, failedOnly } = read(call.with);
    const before = await readRun(call.calls, repository, run);
    if (!before) throw new Refused(404, `GitHub has no run ${run} in ${repository}, or the credentials may not see it`);
    const path = `${repositoryPath(repository)}/actions/runs/${run}/${failedOnly ? 'rerun-failed-jobs' : 'rerun'}`;
    expectStatus(await writeJson(call.calls, call, { path }), 201);
    return { kind: 'accepted', repeats: repeated(before, repository, (before.run_attempt ?? 1) + 1) };
  }

  /** An attempt that began after the call is the one that was ordered: GitHub lets only one be under way. */
  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository, run: id } = read(call.with);
    const run = await readRun(call.calls, repository, id);
    if (!run) return { kind: 'cannot', reason: `GitHub has no run ${id} any more` };
    const sentAt = call.sentAt ?? new Date();
    const { run_attempt: attempt = 1 } = run;
    const since = sinceCall(run, sentAt);
    if (attempt === 1 || since < -CLOCK_SKEW_MS) return { kind: 'absent' };
    // Clocks differ: an attempt that seems to be a little older than the call may be somebody else's.
    if (since < -ROUNDING_MS) return { kind: 'cannot', reason: `attempt ${attempt} of run ${id} began at about the time of the call; it may be another's` };
    return { kind: 'found', repeats: repeated(run, repository, await this.#firstSince(call, attempt, sentAt)) };
  }

  /** The first attempt of the run that began since the call: of the later ones, up to `latest`, somebody else is the cause. */
  async #firstSince(call: ActionCall, latest: number, sentAt: Date): Promise<number> {
    const { repository, run } = read(call.with);
    for (let first = latest; first > 2 && latest - first < MOST_ATTEMPTS_READ; first -= 1) {
      const before = await readAttempt(call.calls, repository, run, first - 1);
      if (!before || sinceCall(before, sentAt) < -ROUNDING_MS) return first;
    }
    return Math.max(2, latest - MOST_ATTEMPTS_READ);
  }
}
