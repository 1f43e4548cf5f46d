import { runMigrations, type Database } from '@stellwerk/database';
import { testDatabaseUrl } from '@stellwerk/testing';
import pg from 'pg';
import { migrations } from '../migrations/index.js';

export const RUNS = 100_000;

/** Nearly all of one flow, on one branch, succeeded: the few that are looked for are the needles. Times a second apart, the last one now. */
const FILL = [
  `INSERT INTO runs (id, flow, state, connection, repository, branch, sha, event_id, version, created_at, finished_at, snapshot)
   SELECT 'run-' || n, flow, state, 'github', 'acme/shop-' || n % 40, branch, md5(n::text) || '00000000', 'event-' || n, 5,
     now() - make_interval(secs => ${RUNS} - n), CASE WHEN state NOT IN ('running', 'waiting') THEN now() - make_interval(secs => ${RUNS} - n) END,
     jsonb_build_object('id', 'run-' || n, 'flow', flow, 'state', state, 'event', jsonb_build_object('branch', branch), 'steps', '[]'::jsonb, 'text', repeat('x', 400))
   FROM (SELECT n, CASE WHEN n % 1000 = 7 THEN 'nightly' ELSE 'release' END AS flow, CASE WHEN n % 5000 = 3 THEN 'fix-' || n ELSE 'main' END AS branch,
     CASE WHEN n IN (1, 2, 3) THEN 'failed' WHEN n % 2000 = 7 THEN 'rolled-back' WHEN n > ${RUNS} - 20 THEN 'running' ELSE 'succeeded' END AS state
     FROM generate_series(1, ${RUNS}) AS n) AS made`,
  `INSERT INTO events (id, type, source, subject, fact, connection, repository, branch, sha, run, platform_run, hook, occurred_at, recorded_at, data)
   SELECT CASE half WHEN 0 THEN 'event-' ELSE 'change-' END || n, CASE WHEN n % 5000 = 1 THEN 'change.merged' WHEN half = 0 THEN 'pipelinerun.finished' ELSE 'run.succeeded' END,
     CASE half WHEN 0 THEN '/connections/github' ELSE '/services/router' END, n::text, n::text, CASE WHEN n = 1 THEN 'old-ci' ELSE 'github' END, 'acme/shop-' || n % 40,
     CASE WHEN n % 5000 = 3 THEN 'fix-' || n ELSE 'main' END, md5(n::text) || '00000000', CASE half WHEN 1 THEN 'run-' || n ELSE '' END,
     CASE half WHEN 0 THEN 'key-' || n ELSE '' END, half = 0, at, at, '{}'
   FROM generate_series(1, ${RUNS}) AS n CROSS JOIN generate_series(0, 1) AS half CROSS JOIN LATERAL (SELECT now() - make_interval(secs => ${RUNS} - n) AS at) AS age`,
  `INSERT INTO platform_runs (key, connection, repository, external_id, attempt, state, rank, branch, sha, run, step, changed_at)
   SELECT 'key-' || n, 'github', '', n::text, 1, 'success', 2, 'main', '', 'run-' || n + 1, 'scan', now() - make_interval(secs => ${RUNS} - n) FROM generate_series(1, ${RUNS}) AS n`,
  `INSERT INTO told_facts (fact, told_at) SELECT n::text, now() - make_interval(secs => ${RUNS} - n) FROM generate_series(1, ${RUNS}) AS n`,
  'ANALYZE',
];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** What a statement read: rows of tables, whole tables. */
export interface Cost {
  rows: number;
  scanned: string[];
}

const costOf = (node: PlanNode): Cost => {
  const below = (node.Plans ?? []).map(costOf);
  const own = node['Relation Name'] === undefined ? 0 : (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return {
    rows: own + below.reduce((sum, { rows }) => sum + rows, 0),
    scanned: [...(node['Node Type'] === 'Seq Scan' && node['Actual Loops'] > 0 ? [node['Relation Name']!] : []), ...below.flatMap(({ scanned }) => scanned)],
  };
};

/** A value as EXECUTE takes it, of whatever type the parameter is. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join(',')}}`);
  return pg.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
};

/** Executions after which the server decides whether to plan without knowing the values: https://www.postgresql.org/docs/18/sql-prepare.html */
const PLANNED_ANEW = 5;

/** What it costs once it was prepared and used for a while, as it is in a service. */
const preparedCost = async (pool: pg.Pool, sql: string, parameters: unknown[]): Promise<Cost> => {
  const client = await pool.connect();
  try {
    await client.query(`PREPARE asked AS ${sql}`);
    const execute = `EXECUTE asked${parameters.length > 0 ? `(${parameters.map(literal).join(', ')})` : ''}`;
    for (let n = 0; n < PLANNED_ANEW; n += 1) await client.query(execute);
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${execute}`);
    return costOf(rows[0]!['QUERY PLAN'][0]!.Plan);
  } finally {
    await client.query('DEALLOCATE ALL');
    client.release();
  }
};

/** A read model with a past, and a database on it that keeps account of what its statements cost. Small tables may be read whole. */
export const largeStore = async (after: readonly string[] = []) => {
  const url = await testDatabaseUrl();
  await runMigrations('status', migrations, url);
  const pool = new pg.Pool({ connectionString: url, options: '-c search_path=status' });
  for (const statement of [...FILL, ...after]) await pool.query(statement);
  const costs: Cost[] = [];
  const query = async (sql: string, parameters: unknown[] = []): Promise<unknown[]> => {
    const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, parameters);
    costs.push(costOf(rows[0]!['QUERY PLAN'][0]!.Plan));
    if (!/^\s*(SELECT|WITH)/.test(sql)) return [];
    costs.push(await preparedCost(pool, sql, parameters));
    return (await pool.query(sql, parameters)).rows;
  };
  /** What was read meanwhile. */
  const costing = async <T>(work: () => Promise<T>): Promise<{ result: T; rows: number; scanned: string[] }> => {
    costs.length = 0;
    const result = await work();
    const small = new Set(['connection_health', 'connection_checks', 'dead_letters', 'untold', 'outbox']);
    return { result, rows: costs.reduce((sum, { rows }) => sum + rows, 0), scanned: costs.flatMap(({ scanned }) => scanned).filter((table) => !small.has(table)) };
  };
  return { database: { query } as unknown as Database, pool, costing, stop: () => pool.end() };
};
