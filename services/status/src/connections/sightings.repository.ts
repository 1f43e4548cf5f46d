import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import type { Sighting } from './health.js';

// Each is one step in an index: no counter to keep, and none that every event would have to lock.
const SIGHTINGS = `
  SELECT name AS connection, health,
    (SELECT recorded_at FROM events WHERE connection = name AND hook ORDER BY recorded_at DESC LIMIT 1) AS last_hook_at,
    (SELECT recorded_at FROM events WHERE connection = name AND source LIKE '/connections/%' ORDER BY recorded_at DESC LIMIT 1) AS last_event_at
  FROM unnest($1::text[]) AS name LEFT JOIN connection_health ON connection_health.connection = name`;

/** When a connection was last heard of. */
@Injectable()
export class SightingsRepository {
  constructor(private readonly database: Database) {}

  async of(connections: string[]): Promise<Map<string, Sighting>> {
    const rows = await this.database.query<Sighting>(SIGHTINGS, [connections]);
    return new Map(rows.map((row) => [row.connection, row]));
  }
}
