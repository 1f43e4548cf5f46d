import { Injectable } from '@nestjs/common';
import type { Queryable } from '@stellwerk/database';
import { rowsJson, sortedRows } from './rows.js';

/** What an event tells, its own id, and its place in EVENTS. */
export interface News {
  /** Its fact, and the same end by the jobs of the run where those are known. */
  facts: readonly string[];
  event: string;
  sequence: number;
}

const ADD = `
  WITH news AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS news(fact text, event text, sequence bigint)),
  told AS (INSERT INTO told_facts (fact) SELECT fact FROM news ON CONFLICT DO NOTHING RETURNING fact)
  INSERT INTO untold (event, sequence)
  SELECT event, sequence FROM news LEFT JOIN told USING (fact) WHERE event IS NOT NULL GROUP BY event, sequence HAVING bool_and(told.fact IS NOT NULL)
  ON CONFLICT DO NOTHING RETURNING event`;

/** One row of each fact, with the event that brings it; none where the event brings another one that was told before it. */
const rowsOf = (news: readonly News[]): { fact: string; event?: string; sequence?: number }[] => {
  const seen = new Set<string>();
  return news.flatMap(({ facts, event, sequence }) => {
    const unseen = facts.filter((fact) => !seen.has(fact));
    for (const fact of unseen) seen.add(fact);
    return unseen.map((fact) => (unseen.length === facts.length ? { fact, event, sequence } : { fact }));
  });
};

/** What was said about platform runs: a hook, a repeated hook and a poll tell the same fact, and a run that ends anew without its jobs the same end. */
@Injectable()
export class FactsRepository {
  /** Ids of the events that brought something new. */
  async add(tx: Queryable, news: readonly News[]): Promise<Set<string>> {
    const rows = await tx.query<{ event: string }>(ADD, [rowsJson(sortedRows(rowsOf(news), ({ fact }) => fact))]);
    return new Set(rows.map(({ event }) => event));
  }
}
