/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { useNow } from '../ui/use-now.js';
import type { Runs } from '../use-runs.js';
import { FilterBar } from './filter-bar.js';
import { filterOfQuery, queryOfFilter, shownRuns, type ListFilter } from './filter.js';
import { NoRuns } from './no-runs.js';
import { RunRow } from './run-row.js';
import { useList } from './use-list.js';

const MAX_ROWS = 400;

/** The live list of runs. */
export const RunsPage = ({ runs }: { runs: Runs }): JSX.Element => {
  const [filter, setFilter] = useState<ListFilter>(() => filterOfQuery(location.search));
  const list = useList(filter, runs);
  const now = useNow();
  useEffect(() => { document.title = 'Runs · Stellwerk'; }, []);
  // Before it is painted: a reload right after a choice keeps it.
  useLayoutEffect(() => history.replaceState(null, '', queryOfFilter(filter)), [filter]);
  const shown = shownRuns(runs.known.values(), filter, MAX_ROWS);
  return (
    <>
      <h1>Runs</h1>
      <FilterBar filter={filter} flows={list.flows} onChange={setFilter} />
      {list.error && <p class="problem" role="alert">{list.error}</p>}
      {shown.length === 0
        ? <NoRuns loading={list.loading} filtered={queryOfFilter(filter) !== '/'} onReset={() => setFilter({ flow: '', state: '', text: '' })} />
        : <ul class="runs" aria-label="Runs, newest first">{shown.map((run) => <RunRow key={run.id} run={run} now={now} />)}</ul>}
      {list.more && shown.length < MAX_ROWS && <button type="button" class="more" onClick={list.more}>Show older runs</button>}
    </>
  );
};
