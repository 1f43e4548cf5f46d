import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { Database, type Queryable } from '@stellwerk/database';
import { adoptClocks, clockKey, clockTriggers, wantedClocks, type Clock, type Flow, type FlowMatch, type ResourceSet, type WantedClock } from '@stellwerk/flows';
import { KeepFlows } from '../runs/keep-flows.js';
import { ClocksRepository } from './clocks.repository.js';

const AGAIN_MS = 600_000;

/** Which schedules and absences the resources in force have; each has a row from the first time on that a replica sees it. */
@Injectable()
export class LoadClocks {
  #of?: ResourceSet;
  #next = 0;
  #triggers: ReadonlyMap<string, FlowMatch> = new Map();

  constructor(
    private readonly database: Database,
    private readonly resources: Resources,
    private readonly clocks: ClocksRepository,
    private readonly keep: KeepFlows,
  ) {}

  /** After a change of the resources, and now and then, so that nobody forgets what is wanted. */
  async run(now: Date): Promise<void> {
    const set = this.resources.current();
    if (set === this.#of && now.getTime() < this.#next) return;
    const triggers = clockTriggers(Object.values(set.flows));
    await this.database.transaction((tx) => this.#adopt(tx, wantedClocks(triggers, now), now));
    [this.#of, this.#triggers, this.#next] = [set, triggers, now.getTime() + AGAIN_MS];
  }

  async #adopt(tx: Queryable, wanted: readonly WantedClock[], now: Date): Promise<void> {
    const known = await this.clocks.known(tx, [...new Set(wanted.map(({ flow }) => flow))]);
    await this.clocks.adopt(tx, adoptClocks(known, wanted, now));
    await this.clocks.want(tx, wanted, now);
  }

  /** Before the transaction in which these flows start. */
  async prepare(flows: readonly Flow[]): Promise<void> {
    await this.keep.run(flows);
  }

  /** Undefined when the resources in force, as they were loaded last, do not have it. */
  triggerOf(clock: Pick<Clock, 'flow' | 'id'>): FlowMatch | undefined {
    return this.#triggers.get(clockKey(clock));
  }
}
