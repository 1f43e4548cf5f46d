import type { Flow } from '../../model.js';
import { advance } from '../advance.js';
import type { Plan } from '../plan.js';
import type { RunRecord } from '../run-record.js';
import { startRun } from '../start-run.js';
import { differences } from './differences.js';
import type { HistoryEntry, HistoryNews } from './entries.js';
import { factsOfRead } from './note-reads.js';
import { restoreInput, restoreRead } from './pack.js';

type Started = Extract<HistoryNews, { kind: 'started' }>;

const begin = (kept: RunRecord, flow: Flow, { inputs, reportTo }: Started, { read }: HistoryEntry): Plan => {
  const { id, trigger: index, event, events, cause, connections, chain, traceparent } = kept;
  return startRun({ id, flow, trigger: { index }, event, events, cause, inputs, connections, reportTo, chain, traceparent }, factsOfRead(restoreRead(read)));
};

/** The run after one more entry. Throws, in words, when planning does not make of it what it did then. */
const next = (kept: RunRecord, run: RunRecord | undefined, flow: Flow, entry: HistoryEntry): RunRecord => {
  const { news, read } = entry;
  if (news.kind === 'found') return news.run;
  if (!run && news.kind === 'moved') throw new Error('it is the first one and does not say how the run began');
  const plan = news.kind === 'started' ? begin(kept, flow, news, entry) : advance(run!, flow, news.inputs.map(restoreInput), factsOfRead(restoreRead(read)));
  if (plan.refusal) throw new Error(`it is refused: ${plan.refusal.detail}`);
  const { version, state } = plan.run;
  if (version !== entry.version || state !== entry.state) throw new Error(`it led to version ${entry.version}, ${entry.state}; now it leads to version ${version}, ${state}`);
  return plan.run;
};

/** A run as its history says, and why it is not known to its end where that is so. */
export interface Rebuilt {
  run?: RunRecord;
  fault?: string;
}

/**
 * Makes a run anew from its history; of `kept`, the stored record, only what started the run is read. `flow`: in the run's own revision.
 * It is for the version that wrote the history: another planner may rightly make something else of the same news, and that is a fault here.
 */
export const rebuildRun = (kept: RunRecord, flow: Flow, entries: readonly HistoryEntry[]): Rebuilt => {
  let run: RunRecord | undefined;
  for (const [at, entry] of [...entries].sort((a, b) => a.number - b.number).entries()) {
    if (entry.number !== at) return { run, fault: `entry ${at} is missing` };
    try {
      run = next(kept, run, flow, entry);
    } catch (error) {
      return { run, fault: `entry ${at} (${entry.cause}): ${(error as Error).message}` };
    }
  }
  return run ? { run } : { fault: 'it has no history: it began under a version that kept none, and has not moved since' };
};

/** Everything in which a stored run is not what its history makes of it; empty = the same, field by field. */
export const faultsOfHistory = (stored: RunRecord, flow: Flow, entries: readonly HistoryEntry[]): string[] => {
  const { run, fault } = rebuildRun(stored, flow, entries);
  if (fault !== undefined || !run) return [fault!];
  return differences(stored, run).map(({ path, one, other }) => `${path} is ${one}, by its history ${other}`);
};
