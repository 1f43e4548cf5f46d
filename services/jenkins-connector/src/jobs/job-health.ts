import { Injectable } from '@nestjs/common';
import { ConnectionPool, HealthNotes } from '@stellwerk/connector-kit';
import { JobNotesRepository } from './job-notes.repository.js';

/** Notes of one connection that its health tells. */
const MOST_TOLD = 20;

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
    const notes = await this.notes.of(connection, MOST_TOLD);
    return notes.length > MOST_TOLD ? [...notes.slice(0, MOST_TOLD), 'and more to be said of other jobs'] : notes;
  }
}
