import { Injectable } from '@nestjs/common';
import { CarrierRepository, type CarrierNote } from '../dispatch/carrier.repository.js';
import { Sweeper } from '../sweep/sweeper.js';

/** More of one connection would hide each other. */
const MOST = 20;

/** What a person should know of a connection, in sentences. */
export type NoteSource = (connection: string) => Promise<readonly string[]>;

const ofCarrier = ({ pipeline, reason }: CarrierNote): string =>
  `${pipeline.replace(/\|$/, '').replace('|', ' ')}: runs are followed without our correlation id (${reason})`;

/** What is true of each of many repositories is said once. */
const distinct = (notes: readonly string[]): string[] => [...new Set(notes)];

const bounded = (notes: string[]): string[] => (notes.length <= MOST ? notes : [...notes.slice(0, MOST), `and ${notes.length - MOST} more`]);

/** All that is to be said in a connection's health: by the kit itself, and by what a connector does beside it. */
@Injectable()
export class HealthNotes {
  readonly #sources: NoteSource[] = [];

  constructor(
    private readonly carriers: CarrierRepository,
    private readonly sweeper: Sweeper,
  ) {}

  /** Asked about once a second for each connection. */
  add(source: NoteSource): void {
    this.#sources.push(source);
  }

  /** By connection. */
  async all(connections: readonly string[]): Promise<Map<string, string[]>> {
    const [carriers, sweeps] = await Promise.all([this.carriers.notes(), this.sweeper.notes()]);
    const known = [...carriers.map((note) => ({ connection: note.connection, note: ofCarrier(note) })), ...sweeps];
    return new Map(await Promise.all(connections.map(async (name): Promise<[string, string[]]> => {
      const others = await Promise.all(this.#sources.map(async (source) => source(name)));
      return [name, bounded(distinct([...known.filter(({ connection }) => connection === name).map(({ note }) => note), ...others.flat()]))];
    })));
  }
}
