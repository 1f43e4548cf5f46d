import type { ActionCall, Looked, Walked } from '@stellwerk/connector-kit';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { readLogin, walkDispatchedRuns, type DispatchEvent, type RunAnswer } from '../github.client.js';
import { startedRunOf } from '../started-run.js';
import type { Echoes } from './echoes.js';
import { CLOCK_SKEW_MS, findRun, ROUNDING_MS, showsAnId, showsId } from './find-run.js';

/** A run that a call started was created so long after it at the latest. */
const LATEST_MS = 600_000;
/** Reads of a look-up, of a hundred runs each: only a repository with more than a hundred runs a second needs them all. */
const MOST_READS = 1_000;

export interface SoughtRun {
  event: DispatchEvent;
  repository: string;
  workflow: string;
  ref?: string;
}

/** Where the workflow's `run-name` finds our id. */
const ECHO: Readonly<Record<DispatchEvent, string>> = {
  workflow_dispatch: `inputs.${CORRELATION_NAME}`, repository_dispatch: `github.event.client_payload.${CORRELATION_NAME}`,
};

/** The run that a dispatch of ours started: the one that shows our id, else a sole one that no other command owns. */
export const lookUpRun = async (call: ActionCall, sought: SoughtRun, echoes: Echoes): Promise<Looked> => {
  const { repository, workflow, ref } = sought;
  const sentAt = call.sentAt ?? new Date();
  const { runs, walked } = await runsAround(call, sought, sentAt.getTime());
  const found = findRun(runs, { commandId: call.commandId, workflow, ref, sentAt, login: await readLogin(call.calls) });
  if (found.kind === 'echoed') {
    echoes.learn({ connection: call.connection.name, repository, workflow }, found.run.display_title, call.commandId);
    return { kind: 'found', run: startedRunOf(found.run, repository, workflow) };
  }
  if (walked === 'cut') return cut(repository, runs.length);
  const [certain, early] = [await unclaimed(call, repository, found.certain), await unclaimed(call, repository, found.early)];
  if (certain.length === 1) return { kind: 'found', run: startedRunOf(certain[0]!, repository, workflow) };
  if (certain.length + early.length > 0) return cannot(`${certain.length + early.length} runs of ${workflow} could be this one, and none shows our id; put ${ECHO[sought.event]} into its run-name`);
  return sought.event === 'workflow_dispatch' ? { kind: 'absent' } : absentUnless(await tracesOf(call, repository, runs), workflow);
};

/** The run that shows our id, whatever its workflow; where there is none, nothing is told by that. */
export const lookUpById = async (call: ActionCall, { event, repository }: Pick<SoughtRun, 'event' | 'repository'>): Promise<Looked> => {
  const { runs, walked } = await runsAround(call, { event, repository }, (call.sentAt ?? new Date()).getTime());
  const run = runs.find(({ display_title: title }) => showsId(title, call.commandId));
  if (run) return { kind: 'found', run: startedRunOf(run, repository, run.name ?? run.path) };
  return walked === 'cut' ? cut(repository, runs.length) : cannot(`GitHub does not show what became of it, and no run shows our id; put ${ECHO[event]} into the run-name of the workflow that it starts`);
};

const cannot = (reason: string): Looked => ({ kind: 'cannot', reason });

const cut = (repository: string, count: number): Looked => cannot(`${repository} has more runs of that time than can be looked through (${count}), and none shows our id`);

/** Runs of other workflows that may be of the same repository dispatch, which starts every workflow that listens. */
const tracesOf = (call: ActionCall, repository: string, runs: readonly RunAnswer[]): Promise<RunAnswer[]> =>
  unclaimed(call, repository, runs.filter((run) => !showsAnId(run) || showsId(run.display_title, call.commandId)));

const absentUnless = (others: readonly RunAnswer[], workflow: string): Looked =>
  others.length === 0 ? { kind: 'absent' } : cannot(`no run of ${workflow} is there, but ${others.length} of other workflows that the same call could have started`);

/** Those that the call may have started, until one shows our id; the likeliest time is looked through first. */
const runsAround = async (call: ActionCall, { event, repository }: Pick<SoughtRun, 'event' | 'repository'>, sentAt: number): Promise<{ runs: RunAnswer[]; walked: Walked }> => {
  const seen = new Map<number | string, RunAnswer>();
  const times = [[sentAt - ROUNDING_MS, sentAt + LATEST_MS], [sentAt - CLOCK_SKEW_MS, sentAt - ROUNDING_MS]] as const;
  let walked: Walked = 'whole';
  for (const [from, until] of times) {
    if (walked !== 'whole') break;
    const window = { from: new Date(from), until: new Date(until) };
    walked = await walkDispatchedRuns(call.calls, repository, { event, window, most: MOST_READS }, (page) => {
      for (const run of page) seen.set(run.id, run);
      return page.some((run) => showsId(run.display_title, call.commandId));
    });
  }
  return { runs: [...seen.values()], walked };
};

const unclaimed = async (call: ActionCall, repository: string, runs: readonly RunAnswer[]): Promise<RunAnswer[]> => {
  const claimed = await Promise.all(runs.map(async (run) => call.isClaimed(startedRunOf(run, repository, undefined))));
  return runs.filter((_, index) => !claimed[index]);
};
