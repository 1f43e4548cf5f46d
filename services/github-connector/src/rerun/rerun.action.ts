import { Fields, type ActionCall, type ConnectorAction, type Looked, type Sent, type Target } from '@stellwerk/connector-kit';
import { CLOCK_SKEW_MS, ROUNDING_MS } from '../dispatched-runs/find-run.js';
import { expectStatus, readRun, repositoryPath, writeJson } from '../github.client.js';
import { runIdIn } from '../run-id.js';

interface With {
  repository: string;
  run: string;
  failedOnly: boolean;
}

const read = (values: Record<string, unknown>): With => {
  const fields = new Fields('rerun', values);
  return { repository: fields.text('repository'), run: runIdIn(fields), failedOnly: fields.booleanOf('failed-only') ?? false };
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

  async send(call: ActionCall): Promise<Sent> {
    const { repository, run, failedOnly } = read(call.with);
    const path = `${repositoryPath(repository)}/actions/runs/${run}/${failedOnly ? 'rerun-failed-jobs' : 'rerun'}`;
    expectStatus(await writeJson(call.calls, call, { path }), 201);
    return { kind: 'accepted' };
  }

  /** An attempt that began after the call is the one that was ordered: GitHub lets only one be under way. */
  async lookUp(call: ActionCall): Promise<Looked> {
    const { repository, run: id } = read(call.with);
    const run = await readRun(call.calls, repository, id);
    if (!run) return { kind: 'cannot', reason: `GitHub has no run ${id} any more` };
    const { run_attempt: attempt = 1, run_started_at: startedAt = run.created_at ?? '' } = run;
    const since = Date.parse(startedAt) - (call.sentAt ?? new Date()).getTime();
    if (attempt === 1 || since < -CLOCK_SKEW_MS) return { kind: 'absent' };
    // Clocks differ: an attempt that seems to be a little older than the call may be somebody else's.
    return since >= -ROUNDING_MS ? { kind: 'found' } : { kind: 'cannot', reason: `attempt ${attempt} of run ${id} began at about the time of the call; it may be another's` };
  }
}
