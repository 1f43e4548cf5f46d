import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { firstOfEach, rowsJson, sortedRows } from './rows.js';

/** A fact, the event that brought it, and that one's place in EVENTS. */
export interface News {
  fact: string;
  event: string;
  sequence: number;
}

const ADD = `
  WITH news AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS news(fact text, event text, sequence bigint)),
  told AS (INSERT INTO told_facts (fact) SELECT fact FROM news ON CONFLICT DO NOTHING RETURNING fact)
  INSERT INTO untold (event, sequence) SELECT event, sequence FROM news JOIN told USING (fact) ON CONFLICT DO NOTHING RETURNING event`;

/** What was said about platform runs: a hook, a repeated hook and a poll tell the same fact. */
@Injectable()
export class FactsRepository {
  /** Ids of the events that brought something new. */
  async add(tx: Queryable, news: readonly News[]): Promise<Set<string>> {
    const rows = await tx.query<{ event: string }>(ADD, [rowsJson(sortedRows(firstOfEach(news, ({ fact }) => fact), ({ fact }) => fact))]);
    return new Set(rows.map(({ event }) => event));
  }
}
