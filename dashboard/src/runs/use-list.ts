import { useEffect, useState } from 'preact/hooks';
import { listRuns, type RunFilter } from '../api/client.js';
import { getFlows } from '../api/flows.client.js';
import type { Runs } from '../use-runs.js';
import { textOf } from '../ui/text-of.js';

export interface List {
  flows: string[];
  loading: boolean;
  error: string | undefined;
  /** Loads the next page; undefined at the end. */
  more: (() => void) | undefined;
}

const useFlowNames = (): string[] => {
  const [flows, setFlows] = useState<string[]>([]);
  useEffect(() => {
    getFlows().then((page) => setFlows(page.items.map((flow) => flow.name)), () => setFlows([]));
  }, []);
  return flows;
};

/** Loads the list into `runs`: at first, at a new filter, and after a break of the stream. */
export const useList = ({ flow, state }: RunFilter, runs: Runs): List => {
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<string>();
  const flows = useFlowNames();
  const load = async (cursor?: string): Promise<void> => {
    try {
      const page = await listRuns({ flow, state }, cursor);
      runs.add(page.items);
      setNext(page.next);
      setError(undefined);
    } catch (fault) {
      setError(textOf(fault));
    } finally {
      setLoading(false);
    }
  };
  useEffect(() => void load(), [flow, state, runs.stream]);
  const seen = [...new Set([...flows, ...[...runs.known.values()].map((run) => run.flow)])].sort();
  return { flows: seen, loading, error: runs.stream === 'lost' ? undefined : error, more: next === null ? undefined : () => void load(next) };
};
