import { Injectable } from '@nestjs/common';
import { CarrierRepository, type CarrierNote } from '../dispatch/carrier.repository.js';
import { Sweeper } from '../sweep/sweeper.js';

/** More of one connection would hide each other. */
const MOST = 20;

const ofCarrier = ({ pipeline, reason }: CarrierNote): string =>
  `${pipeline.replace(/\|$/, '').replace('|', ' ')}: runs are followed without our correlation id (${reason})`;

const bounded = (notes: string[]): string[] => (notes.length <= MOST ? notes : [...notes.slice(0, MOST), `and ${notes.length - MOST} more`]);

/** What a person should know of each connection. */
@Injectable()
export class HealthNotes {
  constructor(
    private readonly carriers: CarrierRepository,
    private readonly sweeper: Sweeper,
  ) {}

  /** By connection; those of which there is nothing to say are left out. */
  async all(): Promise<Map<string, string[]>> {
    const [carriers, sweeps] = await Promise.all([this.carriers.notes(), this.sweeper.notes()]);
    const notes = [...carriers.map((note) => ({ connection: note.connection, note: ofCarrier(note) })), ...sweeps];
    return new Map([...Map.groupBy(notes, ({ connection }) => connection)].map(([connection, of]) => [connection, bounded(of.map(({ note }) => note))]));
  }
}
