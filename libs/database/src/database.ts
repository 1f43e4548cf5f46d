import { Injectable } from '@nestjs/common';

/** Something SQL can be sent to: the database, or one transaction of it. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

@Injectable()
export class Database implements Queryable {
  async query<Row = Record<string, unknown>>(_sql: string, _parameters: unknown[] = []): Promise<Row[]> {
    throw new Error('not yet');
  }

  async transaction<T>(_work: (tx: Queryable) => Promise<T>): Promise<T> {
    throw new Error('not yet');
  }
}
