import pg from 'pg';

export interface Statement {
  /** The service whose role or schema ran it, as far as the text tells. */
  readonly calls: number;
  readonly ms: number;
  readonly text: string;
}

export interface Statements {
  /** Every call, BEGIN and COMMIT included. */
  readonly calls: number;
  readonly commits: number;
  readonly top: readonly Statement[];
}

/** Counts by pg_stat_statements; the server was started with it. */
export class StatementCounter {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async at(url: string): Promise<StatementCounter> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    return new StatementCounter(client);
  }

  async reset(): Promise<void> {
    await this.#client.query('SELECT pg_stat_statements_reset()');
  }

  /** What was called since the reset, the costliest first. */
  async read(top: number): Promise<Statements> {
    const { rows } = await this.#client.query<{ calls: number; ms: number; text: string }>(
      `SELECT sum(calls)::int AS calls, sum(total_exec_time + total_plan_time)::float AS ms, regexp_replace(query, '\\s+', ' ', 'g') AS text
       FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' GROUP BY 3 ORDER BY 2 DESC`,
    );
    return {
      calls: rows.reduce((sum, { calls }) => sum + calls, 0),
      commits: rows.filter(({ text }) => /^commit/i.test(text)).reduce((sum, { calls }) => sum + calls, 0),
      top: rows.slice(0, top),
    };
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
