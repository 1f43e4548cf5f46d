import { Inject, Injectable } from '@nestjs/common';
import { GroupedWork, type GroupResult } from '@stellwerk/service-kit';
import { TIMING_TOKEN, type Timing } from '../timing.js';
import { Agenda } from './agenda.js';
import { DatabaseTime } from './database-time.js';
import { IntentsRepository, type Entered, type Intent } from './intents.repository.js';

const MOST_AT_ONCE = 64;

/** Enters commands in the own table, each once, those of one moment by one statement. */
@Injectable()
export class CommandEntry {
  readonly #group = new GroupedWork<Intent, Entered>((some) => this.#enter(some), { max: MOST_AT_ONCE, atOnce: 2 });

  constructor(
    private readonly intents: IntentsRepository,
    private readonly agenda: Agenda,
    private readonly time: DatabaseTime,
    @Inject(TIMING_TOKEN) private readonly timing: Timing,
  ) {}

  enter(intent: Intent): Promise<Entered> {
    return this.#group.run(intent);
  }

  async #enter(some: readonly Intent[]): Promise<GroupResult<Entered>[]> {
    const { entered, at } = await this.intents.enter(some, this.timing.lane.baseMs);
    if (at) this.time.learn(at);
    return entered.map((value, index) => {
      if (value.kind === 'waiting') this.#note(some[index]!);
      return { status: 'fulfilled', value };
    });
  }

  #note({ send, waitsForLane, lane, ms }: Intent): void {
    if (send || waitsForLane) this.agenda.waitsFor(lane);
    this.agenda.due(Date.now() + (send ? this.timing.lane.baseMs : ms));
  }
}
