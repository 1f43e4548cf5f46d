import { faultsOfHistory, type Flow, type HistoryEntry, type KeptRead, type RunRecord } from '@stellwerk/flows';

/** A run that is stored otherwise than its history says. */
export interface HistoryFault {
  run: string;
  /** The first few. */
  faults: string[];
}

export type Ask = <T extends object>(sql: string, values: unknown[]) => Promise<T[]>;

interface StoredRun {
  id: string;
  stored: RunRecord;
  flow: Flow;
  entries: (Omit<HistoryEntry, 'read'> & { at: string; read: Omit<KeptRead, 'at'> | null })[] | null;
}

const PAGE = 200;
const MOST_FAULTS = 3;

// One statement, and no lock: rows of runs and of their histories are then of one moment, whoever moves them meanwhile.
const NEXT_PAGE = `
  WITH page AS (SELECT id, flow, revision, document FROM router.runs WHERE id > $1 AND created_at >= $2 ORDER BY id LIMIT ${PAGE})
  SELECT page.id, page.document AS stored, flow_revisions.content AS flow, entries
  FROM page JOIN router.flow_revisions USING (flow, revision) LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('number', number, 'version', version, 'state', state, 'cause', cause, 'news', news, 'read', read,
      'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) AS entries
    FROM router.run_history WHERE run_history.run = page.id) AS kept ON true
  ORDER BY page.id`;

/** Makes every run of a router's database anew from its history; gives those that come out otherwise than they are stored. `since`: only runs created from then on. */
export const faultsOfHistories = async (ask: Ask, since: Date = new Date(0)): Promise<HistoryFault[]> => {
  const found: HistoryFault[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (let isMore = true; isMore;) {
    const page = await ask<StoredRun>(NEXT_PAGE, [after, since]);
    for (const { id, stored, flow, entries } of page) {
      const history = (entries ?? []).map(({ at, read, ...entry }) => ({ ...entry, read: { ...read, at } }));
      const faults = faultsOfHistory(stored, flow, history).slice(0, MOST_FAULTS);
      if (faults.length > 0) found.push({ run: id, faults });
    }
    isMore = page.length === PAGE;
    after = page.at(-1)?.id ?? after;
  }
  return found;
};
