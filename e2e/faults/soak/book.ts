import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { triggerOf, type Delivery, type Rig } from '@stellwerk/testing/rig';

const BATCH = 5_000;

/** The ledger of a soak, on disk only: each webhook when it is made, and when it has its 2xx. */
export class SoakBook {
  readonly #made: WriteStream;
  readonly #accepted: WriteStream;
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    this.#made = createWriteStream(join(dir, 'soak-made.txt'));
    this.#accepted = createWriteStream(join(dir, 'soak-accepted.txt'));
  }

  made = ({ run }: Delivery): void => void this.#made.write(`${run}\n`);
  accepted = ({ run }: Delivery): void => void this.#accepted.write(`${run}\n`);

  /** Puts ledger and journals beside the services' tables, where they can be compared however many they are. */
  async load(rig: Rig): Promise<void> {
    await Promise.all([this.#made, this.#accepted].map((stream) => new Promise<void>((resolve) => { stream.end(() => resolve()); })));
    await rig.query('DROP SCHEMA IF EXISTS soak CASCADE');
    await rig.query('CREATE SCHEMA soak');
    await rig.query('CREATE TABLE soak.made (run uuid)');
    await rig.query('CREATE TABLE soak.accepted (run uuid)');
    await rig.query('CREATE TABLE soak.triggers (command text)');
    await insertAll(rig, 'INSERT INTO soak.made SELECT unnest($1::uuid[])', lines(join(this.#dir, 'soak-made.txt')));
    await insertAll(rig, 'INSERT INTO soak.accepted SELECT unnest($1::uuid[])', lines(join(this.#dir, 'soak-accepted.txt')));
    for (const { journalFile } of rig.platforms.all) await insertAll(rig, 'INSERT INTO soak.triggers SELECT unnest($1::text[])', triggers(journalFile));
    await rig.query('ANALYZE soak.made, soak.accepted, soak.triggers');
  }
}

async function* lines(file: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) if (line !== '') yield line;
}

async function* triggers(journal: string): AsyncGenerator<string> {
  for await (const line of lines(journal)) {
    if (!line.endsWith('}')) continue;
    const trigger = triggerOf(JSON.parse(line));
    if (trigger?.accepted) yield trigger.command;
  }
}

const insertAll = async (rig: Rig, sql: string, values: AsyncIterable<string>): Promise<void> => {
  let batch: string[] = [];
  for await (const value of values) {
    batch.push(value);
    if (batch.length < BATCH) continue;
    await rig.query(sql, [batch]);
    batch = [];
  }
  if (batch.length > 0) await rig.query(sql, [batch]);
};
