import type { PolledEvent } from '@stellwerk/connector-kit';
import { githubRunHistory, type GithubWorkflowRun, type PollContext } from '@stellwerk/platforms';
import type { RunAction, Telling } from './match-deliveries.js';
import type { SeenAttempt } from './runs-of-time.js';

/** A webhook leaves so long after what it tells of at the latest, but in trouble of GitHub's own; the log is read that much further back than it was read before. */
export const LATEST_MS = 30_000;
/** Times are cut to the second, on both sides. */
export const ROUNDING_MS = 2_000;

/** What one event of a run would have been told by. */
export interface RunTelling extends Telling {
  event: PolledEvent;
}

const ACTIONS: Readonly<Record<string, RunAction>> = { 'pipelinerun.queued': 'requested', 'pipelinerun.started': 'in_progress', 'pipelinerun.finished': 'completed' };

/** When that can have been told. Of the beginning no list has the time: it lies between the order and the end. A repeated run shows when it was ordered only about. */
const timesOf = (action: RunAction, run: GithubWorkflowRun, now: number): { from: number; to: number } => {
  const [created, ordered, changed] = [run.created_at, run.run_started_at ?? run.created_at, run.updated_at].map((time) => Date.parse(time ?? '')) as [number, number, number];
  if (action === 'completed') return { from: changed - ROUNDING_MS, to: changed + LATEST_MS };
  if (action === 'in_progress') return { from: ordered - ROUNDING_MS, to: (run.status === 'completed' ? changed : now) + LATEST_MS };
  return (run.run_attempt ?? 1) === 1 ? { from: created - ROUNDING_MS, to: created + LATEST_MS } : { from: ordered - LATEST_MS, to: ordered + LATEST_MS };
};

/** All that hooks told of these attempts, or would have. */
export const tellingsOf = (attempts: readonly SeenAttempt[], repository: string, context: PollContext): RunTelling[] =>
  attempts.flatMap(({ run, begun }) =>
    githubRunHistory(run, repository, context, begun).map((event) => {
      const action = ACTIONS[event.type]!;
      return { event, action, ...timesOf(action, run, context.receivedAt.getTime()) };
    }));
