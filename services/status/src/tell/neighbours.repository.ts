import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Neighbours, Standing } from './turn.js';

/** A version of a run, and the id of the event that told the one before it. */
export interface Asked {
  run: string;
  version: number;
  before: string;
}

// Of a run there are as many rows as things happened in it: a handful.
const NEIGHBOURS = `
  SELECT events.id IS NOT NULL AS recorded, untold.event IS NOT NULL AS untold,
    EXISTS (
      SELECT FROM events later WHERE later.run = asked.run AND later.run <> '' AND later.subject = asked.run
        AND CASE WHEN jsonb_typeof(later.data->'version') = 'number' THEN (later.data->'version')::integer > asked.version END
        AND NOT EXISTS (SELECT FROM untold WHERE untold.event = later.id)) AS overtaken
  FROM unnest($1::text[], $2::integer[], $3::text[]) WITH ORDINALITY AS asked(run, version, before, place)
  LEFT JOIN events ON events.id = asked.before LEFT JOIN untold ON untold.event = asked.before
  ORDER BY place`;

const standing = (recorded: boolean, untold: boolean): Standing => (untold ? 'untold' : recorded ? 'told' : 'missing');

/** How far other versions of a run have come, by whichever replica. */
@Injectable()
export class NeighboursRepository {
  constructor(private readonly database: Database) {}

  /** In the order of what was asked. */
  async of(asked: readonly Asked[]): Promise<Neighbours[]> {
    const rows = await this.database.query<{ recorded: boolean; untold: boolean; overtaken: boolean }>(NEIGHBOURS, [
      asked.map(({ run }) => run), asked.map(({ version }) => version), asked.map(({ before }) => before),
    ]);
    return rows.map(({ recorded, untold, overtaken }) => ({ before: standing(recorded, untold), overtaken }));
  }
}
