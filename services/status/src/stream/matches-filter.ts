import type { RunSnapshot } from '@stellwerk/contracts';
import type { StreamQuery } from './stream.query.js';

/** Whether a changed run is one of those asked for. */
export const matchesFilter = (run: RunSnapshot, filter: StreamQuery): boolean =>
  (filter.flow === undefined || run.flow === filter.flow)
  && (filter.state === undefined || filter.state.includes(run.state))
  && (filter.repository === undefined || run.event.repository === filter.repository)
  && (filter.branch === undefined || run.event.branch === filter.branch)
  && (filter.sha === undefined || (run.event.sha ?? '').startsWith(filter.sha));
