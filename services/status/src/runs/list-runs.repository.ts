import { RUN_STATES } from '@stellwerk/contracts';
import { Conditions, likePrefix } from '../http/conditions.js';
import { decodeCursor } from '../http/cursor.js';
import type { RunsQuery } from './runs.query.js';

export interface Statement {
  sql: string;
  parameters: unknown[];
}

// Microseconds kept: a Date would cut them, and the next page would show the last run again.
const AT = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;

const NEWEST_FIRST = 'ORDER BY created_at DESC, id DESC';
/** The order of the index that holds all runs, and of no other. */
const NEWEST_OF_ALL = "ORDER BY (created_at AT TIME ZONE 'UTC') DESC, id DESC";

const conditionsOf = (query: RunsQuery): Conditions => new Conditions()
  .add('flow = ?', query.flow)
  .add('repository = ?', query.repository)
  .add("branch <> '' AND branch = ?", query.branch)
  .add('sha LIKE ?', likePrefix(query.sha));

/** `place`: the time and id of a run, compared as the order goes. */
const goOn = (conditions: Conditions, { cursor }: RunsQuery, place: (at: string, id: string) => string): void => {
  if (cursor === undefined) return;
  const { at, id } = decodeCursor(cursor);
  conditions.always(place(conditions.bind(at), conditions.bind(id)));
};

/** All runs lie in one index, by age, written otherwise than in the others: no list of a few of them can be read from it by mistake. */
const listOfAll = (query: RunsQuery): Statement => {
  const conditions = new Conditions();
  goOn(conditions, query, (at, id) => `(created_at AT TIME ZONE 'UTC', id) < (${at}::timestamptz AT TIME ZONE 'UTC', ${id}::text)`);
  const limit = conditions.bind(query.limit + 1);
  return { sql: `SELECT snapshot, ${AT} FROM runs ${conditions.where} ${NEWEST_OF_ALL} LIMIT ${limit}`, parameters: conditions.parameters };
};

/**
 * The page of runs that fits, and one more. No index holds the runs of several states by age; so of each state the
 * newest are taken by its index, and the newest of those are the page: also where one flow has a million runs of which
 * three failed.
 */
export const listStatement = (query: RunsQuery): Statement => {
  const { flow, state, repository, branch, sha } = query;
  if ([flow, state, repository, branch, sha].every((filter) => filter === undefined)) return listOfAll(query);
  const conditions = conditionsOf(query);
  goOn(conditions, query, (at, id) => `(created_at, id) < (${at}::timestamptz, ${id}::text)`);
  const limit = conditions.bind(query.limit + 1);
  if (state === undefined && flow === undefined && repository === undefined) {
    return { sql: `SELECT snapshot, ${AT} FROM runs ${conditions.where} ${NEWEST_FIRST} LIMIT ${limit}`, parameters: conditions.parameters };
  }
  const states = conditions.bind([...new Set(state ?? RUN_STATES)]);
  conditions.always('state = wanted.state');
  return {
    sql: `SELECT snapshot, ${AT} FROM unnest(${states}::text[]) AS wanted(state)
      CROSS JOIN LATERAL (SELECT id, created_at, snapshot FROM runs ${conditions.where} ${NEWEST_FIRST} LIMIT ${limit}) AS newest
      ${NEWEST_FIRST} LIMIT ${limit}`,
    parameters: conditions.parameters,
  };
};
