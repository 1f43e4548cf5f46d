import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';

export interface CarrierNote {
  connection: string;
  pipeline: string;
  reason: string;
}

/** Other replicas' notes are known so much later; a command sent meanwhile is refused for its carrier once more, which does no harm. */
const FRESH_MS = 1_000;

/** Pipelines that refused our correlation carrier, remembered for a while over restarts and replicas. */
@Injectable()
export class CarrierRepository {
  #notes: Promise<CarrierNote[]> | undefined;
  #readAt = -Infinity;

  constructor(private readonly database: Database) {}

  async refuse(connection: string, pipeline: string, reason: string, forMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO carrier_notes (connection, pipeline, reason, until) VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond')
       ON CONFLICT (connection, pipeline) DO UPDATE SET reason = excluded.reason, until = excluded.until`,
      [connection, pipeline, reason, forMs],
    );
    this.#readAt = -Infinity;
  }

  async allowed(connection: string, pipeline: string): Promise<boolean> {
    const notes = await this.notes();
    return !notes.some((note) => note.connection === connection && note.pipeline === pipeline);
  }

  /** What is in force; read once a second at most. */
  async notes(): Promise<CarrierNote[]> {
    if (performance.now() - this.#readAt < FRESH_MS && this.#notes) return this.#notes;
    this.#readAt = performance.now();
    this.#notes = this.#read();
    return this.#notes;
  }

  async #read(): Promise<CarrierNote[]> {
    try {
      return await this.database.query<CarrierNote>('SELECT connection, pipeline, reason FROM carrier_notes WHERE until > now() ORDER BY connection, pipeline');
    } catch (error) {
      this.#readAt = -Infinity;
      throw error;
    }
  }
}
