import pg from 'pg';

/** Names of one finished flow, each of which is in its rows and nowhere else. */
interface Template {
  readonly run: string;
  /** Number of the webhook. */
  readonly origin: string;
  /** The platform's run. */
  readonly platformRun: string;
}

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** The values of one row as texts, in the order of the columns. */
type Row = readonly (string | null)[];

const SCHEMAS = ['ingress', 'router', 'github_connector', 'status', 'notifier'];
const BATCH = 20_000;
/** Past runs lie so far apart. */
const SECONDS_APART = 20;

/**
 * Fills the stores with copies of a finished flow: every row of every table that speaks of it, its three names changed.
 * So the rows are what the services write, whatever their tables look like.
 */
export class PastRuns {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async at(url: string): Promise<PastRuns> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('SET synchronous_commit = off');
    return new PastRuns(client);
  }

  /** Copies the newest finished flow so many times; to be called once. Gives the rows written, by table. */
  async fill(count: number): Promise<Record<string, number>> {
    const template = await this.#template();
    const written: Record<string, number> = {};
    for (const { table, row } of await this.#rowsOf(template)) {
      for (let from = 1; from <= count; from += BATCH) {
        written[table.name] = (written[table.name] ?? 0) + await this.#copy(table, row, template, { from, to: Math.min(count, from + BATCH - 1) });
      }
    }
    await this.#client.query('VACUUM ANALYZE');
    await this.#client.query('CHECKPOINT');
    return written;
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  async #template(): Promise<Template> {
    const { rows: [row] } = await this.#client.query<{ run: string; fact: string; key: string | null }>(
      `SELECT runs.id AS run, runs.fact, commands.platform_run_key AS key FROM router.runs JOIN router.commands ON commands.run = runs.id
       WHERE runs.finished_at IS NOT NULL ORDER BY runs.finished_at DESC LIMIT 1`,
    );
    const origin = /\/(7\d{9})\//.exec(row?.fact ?? '')?.[1];
    const platformRun = /\/(5\d{9})$/.exec(row?.key ?? '')?.[1];
    if (!row || !origin || !platformRun) throw new Error(`no finished flow to copy: ${JSON.stringify(row)}`);
    return { run: row.run, origin, platformRun };
  }

  async #tables(): Promise<Table[]> {
    const { rows } = await this.#client.query<Table>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name,
              json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
       WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('outbox', 'migrations')
       GROUP BY n.nspname, c.relname ORDER BY c.relname = 'runs' DESC, 1`,
      [SCHEMAS],
    );
    return rows;
  }

  /** All read before anything is written: each of them once, however many copies there are. */
  async #rowsOf({ run, origin, platformRun }: Template): Promise<{ table: Table; row: Row }[]> {
    const found: { table: Table; row: Row }[] = [];
    for (const table of await this.#tables()) {
      const { rows } = await this.#client.query<{ row: Row }>(
        `SELECT ARRAY[${table.columns.map(({ name }) => `${name}::text`).join(', ')}] AS row FROM ${table.name} t WHERE to_json(t)::text ~ $1`,
        [`${run}|${origin}|${platformRun}`],
      );
      found.push(...rows.map(({ row }) => ({ table, row })));
    }
    return found;
  }

  async #copy({ name, columns }: Table, row: Row, template: Template, { from, to }: { from: number; to: number }): Promise<number> {
    const values = columns.map((column, at) => valueOf(column, row[at]!, `$${at + 1}`, template));
    const { rowCount } = await this.#client.query(
      `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')}) SELECT ${values.join(', ')} FROM generate_series(${from}, ${to}) past(number)`, [...row],
    );
    return rowCount ?? 0;
  }
}

/** As it is, but the names of the copied flow changed and times moved into the past. */
const valueOf = ({ type }: Column, value: string | null, parameter: string, { run, origin, platformRun }: Template): string => {
  if (value !== null && type.startsWith('timestamp')) return `${parameter}::${type} - make_interval(secs => past.number * ${SECONDS_APART})`;
  const names = { [run]: "md5('run' || past.number)::uuid::text", [origin]: '(2000000000 + past.number)::text', [platformRun]: '(3000000000 + past.number)::text' };
  const renamed = Object.entries(names).filter(([name]) => value?.includes(name)).reduce((so, [name, by]) => `replace(${so}, '${name}', ${by})`, `${parameter}::text`);
  return `(${renamed})::${type}`;
};
