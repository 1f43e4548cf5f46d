import type { Backtest, Change, FlowResult } from './backtest.js';
import type { NotPlayed } from './not-played.js';

/** A backtest as programs get it. */
export interface BacktestReport {
  /** How many were looked at. */
  events: number;
  /** Flows that anything would have started, by name. */
  flows: FlowResult[];
  /** Runs that would be others, in the order of the events. */
  changes: readonly Change[];
  notPlayed: readonly NotPlayed[];
}

export const backtestReport = ({ results, changes, events, notPlayed }: Backtest): BacktestReport => ({ events, flows: results, changes, notPlayed });
