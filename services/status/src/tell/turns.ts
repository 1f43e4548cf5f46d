import { Injectable, Logger } from '@nestjs/common';
import { consumerOf, STREAMS } from '@stellwerk/contracts';
import { StreamReader } from '@stellwerk/messaging';
import { GroupedWork } from '@stellwerk/service-kit';
import type { Recording } from '../record/recording.js';
import { NeighboursRepository, type Asked } from './neighbours.repository.js';
import { HELD_MS, PATIENCE_MS, turnOf, type Neighbours, type Turn } from './turn.js';

const CONSUMER = consumerOf('status', STREAMS.events.name).name;

/** Looks at the database: soon at first, as the other replica usually needs milliseconds. */
const LOOKS = { max: 200, everyMs: 25 };
const FLOOR = { max: 200, everyMs: 250 };
const KEPT = 20_000;

/** What has to be known for this one's turn; undefined when its id is not made of run and version: then nothing can be. */
const askedFor = ({ entry, change }: Recording): Asked | undefined => {
  if (!change) return undefined;
  const { id: run, version } = change.run;
  return entry.id === `${run}:${version}` ? { run, version, before: `${run}:${version - 1}` } : undefined;
};

interface Waited {
  /** A newer version is recorded. */
  late: boolean;
  waitedMs: number;
}

/** Has the versions of each run told one after the other, over all replicas. */
@Injectable()
export class Turns {
  private readonly log = new Logger(Turns.name);
  /** By run, the newest version told here: mostly all there is to know. */
  private readonly told = new Map<string, number>();
  /** By event, what is being told here. */
  private readonly open = new Map<string, Promise<unknown>>();
  private readonly looks = new GroupedWork<Asked, Neighbours>(
    async (asked) => (await this.repository.of(asked)).map((value) => ({ status: 'fulfilled', value })), LOOKS);
  private readonly settled = new GroupedWork<void, number>(async (asked) => {
    const value = await this.stream.settledUpTo(STREAMS.events.name, CONSUMER);
    return asked.map(() => ({ status: 'fulfilled', value }));
  }, FLOOR);

  constructor(private readonly repository: NeighboursRepository, private readonly stream: StreamReader) {}

  /**
   * Runs `tell` when it is this version's turn. `wait`: it is not yet, and will be seen by a sweep; `late`: a newer one
   * was told. `waitedMs`: how long it has been waiting already.
   */
  async run(recording: Recording, { late, waitedMs }: Waited, tell: () => Promise<void>): Promise<Turn> {
    const work = this.inTurn(recording, { late, waitedMs }, tell);
    this.open.set(recording.entry.id, work);
    try {
      return await work;
    } finally {
      if (this.open.get(recording.entry.id) === work) this.open.delete(recording.entry.id);
    }
  }

  private async inTurn(recording: Recording, waited: Waited, tell: () => Promise<void>): Promise<Turn> {
    const turn = await this.await(recording, waited);
    if (turn !== 'now') return turn;
    await tell();
    this.note(recording);
    return turn;
  }

  private async await(recording: Recording, { late, waitedMs }: Waited): Promise<Turn> {
    const asked = askedFor(recording);
    if (!asked) return 'now';
    const since = Date.now() - waitedMs;
    // One that is being told here was called before, so it does not wait for this one.
    await this.open.get(asked.before)?.catch(() => undefined);
    const newest = this.told.get(asked.run) ?? 0;
    if (newest > asked.version) return this.said(asked, 'late', waitedMs);
    return !late && (asked.version <= 1 || newest === asked.version - 1) ? 'now' : this.watch(recording, asked, since);
  }

  private async watch({ sequence }: Recording, asked: Asked, since: number): Promise<Turn> {
    for (;;) {
      const found = await this.looks.run(asked);
      // The first version has none before it.
      const neighbours: Neighbours = asked.version <= 1 ? { ...found, before: 'told' } : found;
      const waitedMs = Date.now() - since;
      const turn = turnOf(neighbours, waitedMs, neighbours.before === 'missing' && waitedMs >= HELD_MS && (await this.settled.run()) >= sequence - 1);
      if (turn !== 'wait' || waitedMs >= HELD_MS) return this.said(asked, turn, waitedMs);
    }
  }

  private said({ run, version }: Asked, turn: Turn, waitedMs: number): Turn {
    if (turn === 'late' || waitedMs >= PATIENCE_MS) this.log.warn({ run, version, waitedMs, turn }, 'version.out-of-turn');
    return turn;
  }

  private note({ change }: Recording): void {
    if (!change) return;
    const { id, version } = change.run;
    const newest = Math.max(version, this.told.get(id) ?? 0);
    this.told.delete(id);
    this.told.set(id, newest);
    if (this.told.size > KEPT) this.told.delete(this.told.keys().next().value!);
  }
}
