import { Injectable, Logger } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { Queryable } from '@stellwerk/database';
import { closeJoin, joinCause, type FlowMatch, type JoinRecord } from '@stellwerk/flows';
import { failpoint } from '@stellwerk/service-kit';
import { missingMessage } from '../events/own-event-message.js';
import { KeepFlows } from '../runs/keep-flows.js';
import { StartRun } from '../runs/start-run.js';
import { GatherWork, needs } from '../work/gather-work.js';
import { StoreWork, type Stored } from '../work/store-work.js';
import type { WorkingSet } from '../work/working-set.js';
import { missingData } from './missing-data.js';

/** Ends rounds of joins whose time is over, in one transaction: with a run, with a word to people, or silently. */
@Injectable()
export class CloseJoins {
  readonly #log = new Logger('joins');

  constructor(
    private readonly resources: Resources,
    private readonly gather: GatherWork,
    private readonly start: StartRun,
    private readonly store: StoreWork,
    private readonly keep: KeepFlows,
  ) {}

  async run(tx: Queryable, ids: readonly string[], now: Date): Promise<Stored> {
    const set = await this.gather.run(tx, needs({ joins: [...ids] }));
    for (const record of set.triggers.joins) {
      // Another replica may have been here before.
      if (record.state !== 'over' && Date.parse(record.endsAt) <= now.getTime()) await this.#close(set, record);
    }
    const stored = await this.store.run(tx, set);
    failpoint('router.before-clock');
    return stored;
  }

  /** Before the transaction in which the rounds may start flows. */
  async prepare(due: readonly { flow: string }[]): Promise<void> {
    const { flows } = this.resources.current();
    await this.keep.run(due.flatMap(({ flow }) => flows[flow] ?? []));
  }

  /** By the flow as it is now. */
  #matchOf({ flow: name, join }: Pick<JoinRecord, 'flow' | 'join'>): FlowMatch | undefined {
    const flow = this.resources.current().flows[name];
    const trigger = flow?.on.find(({ all }) => all?.id === join);
    return flow && trigger ? { flow, trigger } : undefined;
  }

  async #close(set: WorkingSet, record: JoinRecord): Promise<void> {
    const match = this.#matchOf(record);
    const { record: closed, then, missing } = closeJoin(record, match?.trigger.all);
    set.triggers.change(closed);
    if (record.state === 'open') this.#log.log({ join: record.id, flow: record.flow, key: record.key, then, missing }, 'join.over');
    if (match && then === 'start') await this.#start(set, record, match);
    if (match && then === 'notify') set.messages.push({ run: record.id, message: missingMessage(missingData(record, match.trigger.all!, missing)) });
  }

  async #start(set: WorkingSet, record: JoinRecord, match: FlowMatch): Promise<void> {
    const joined = joinCause(record, match.trigger.all!)!;
    await this.start.run(set, match, { id: `${record.id}:${record.endsAt}`, event: joined.event, joined });
  }
}
