import { Injectable } from '@nestjs/common';
import { CarrierRepository, type CarrierNote } from '../dispatch/carrier.repository.js';

/** What a person should know of a connection, in sentences. */
export type NoteSource = (connection: string) => Promise<readonly string[]>;

/** All that is to be said in a connection's health: by the kit itself, and by what a connector does beside it. */
@Injectable()
export class HealthNotes {
  readonly #sources: NoteSource[] = [];

  constructor(private readonly carriers: CarrierRepository) {}

  /** Asked about once a second for each connection. */
  add(source: NoteSource): void {
    this.#sources.push(source);
  }

  async of(connection: string): Promise<string[]> {
    const refused = (await this.carriers.notes()).filter((note) => note.connection === connection);
    const others = await Promise.all(this.#sources.map(async (source) => source(connection)));
    return [...refused.map(sentenceOf), ...others.flat()];
  }
}

const sentenceOf = ({ pipeline, reason }: CarrierNote): string =>
  `${pipeline.replace(/\|$/, '').replace('|', ' ')}: runs are followed without our correlation id (${reason})`;
