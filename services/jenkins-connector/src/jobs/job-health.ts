import { Injectable } from '@nestjs/common';
import { ConnectionPool, HealthNotes } from '@stellwerk/connector-kit';
import { JobNotesRepository } from './job-notes.repository.js';

/** More are not read: the health of a connection tells fewer, and that there are others. */
const MOST_READ = 21;

/** Says in a connection's health which of its named jobs are not found, or were not told in full. */
@Injectable()
export class JobHealth {
  constructor(
    private readonly pool: ConnectionPool,
    private readonly notes: JobNotesRepository,
    health: HealthNotes,
  ) {
    health.add(async (connection) => this.#told(connection));
  }

  async #told(connection: string): Promise<string[]> {
    if (!this.pool.of(connection)?.connection.jobs) return [];
    return this.notes.of(connection, MOST_READ);
  }
}
