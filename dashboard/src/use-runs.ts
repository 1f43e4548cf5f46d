import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Run } from './api/run.js';
import { followRuns, type StreamState } from './api/run-stream.js';

export interface Runs {
  /** By id, each at the highest version heard of. */
  known: ReadonlyMap<string, Run>;
  stream: StreamState;
  /** Why a token is asked for. */
  refused: string | undefined;
  add(runs: Run[]): void;
}

/** The map with each run that is newer than the one in it; the same map when none is. */
export const merge = (known: ReadonlyMap<string, Run>, runs: Run[]): ReadonlyMap<string, Run> => {
  const newer = runs.filter((run) => run.version > (known.get(run.id)?.version ?? -1));
  return newer.length === 0 ? known : capped(new Map([...known, ...newer.map((run) => [run.id, run] as const)]));
};

const MOST = 2_000;

/** A page that stays open for days forgets the oldest. */
const capped = (runs: Map<string, Run>): Map<string, Run> => {
  if (runs.size <= MOST) return runs;
  const newest = [...runs].sort(([, one], [, other]) => other.createdAt.localeCompare(one.createdAt));
  return new Map(newest.slice(0, MOST / 2));
};

/** What the page knows of runs: what lists brought, kept up to date by the stream. */
export const useRuns = (): Runs => {
  const [known, setKnown] = useState<ReadonlyMap<string, Run>>(new Map());
  const [stream, setStream] = useState<StreamState>('connecting');
  const [refused, setRefused] = useState<string>();
  const add = useCallback((runs: Run[]) => setKnown((before) => merge(before, runs)), []);
  useEffect(() => {
    const end = new AbortController();
    void followRuns({ onRun: (run) => add([run]), onState: setStream, onRefused: (error) => setRefused(error.message) }, end.signal);
    return () => end.abort();
  }, [add]);
  return { known, stream, refused, add };
};
