/** Something SQL can be sent to: the database, or one transaction of it. */
export interface Queryable {
  /** The rows of a SELECT or RETURNING; empty otherwise. Numbers of type bigint and numeric come as text. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}
