import { Injectable } from '@nestjs/common';
import { Database, takeOnce, type Queryable } from '@stellwerk/database';
import { failpoint } from '@stellwerk/service-kit';
import type { SettledCommand } from '../runs/commands.repository.js';
import type { Cause } from '../runs/move-run.js';
import { ApplyPlatformEvent } from './apply-platform-event.js';
import { ApplyTriggerResult } from './apply-trigger-result.js';
import { BeginFlows } from './begin-flows.js';
import type { Heard } from './read-event.js';

const CONSUMER = 'router-events';

/** What may free held events: a command that was settled, or an event that was held a moment too late to be freed by one. */
export interface Routed {
  settled?: SettledCommand;
  held?: string;
}

/** What follows from one event, in one transaction: moved runs, new runs, their commands in the outbox. */
@Injectable()
export class RouteEvent {
  constructor(
    private readonly database: Database,
    private readonly answers: ApplyTriggerResult,
    private readonly platformEvents: ApplyPlatformEvent,
    private readonly begin: BeginFlows,
  ) {}

  /** `takenAs` is what the inbox knows it by. */
  async run(heard: Heard, takenAs: string, cause: Cause): Promise<Routed> {
    if (heard.kind === 'other') return {};
    const routed = await this.database.transaction(async (tx) => {
      const result = (await takeOnce(tx, CONSUMER, takenAs)) ? await this.#route(tx, heard, cause) : {};
      failpoint('router.before-commit');
      return result;
    });
    failpoint('router.after-commit');
    return routed;
  }

  async #route(tx: Queryable, heard: Exclude<Heard, { kind: 'other' }>, cause: Cause): Promise<Routed> {
    if (heard.kind === 'answer') return { settled: await this.answers.run(tx, heard.verdict, heard.result, cause) };
    const settled = await this.platformEvents.run(tx, heard.event, cause);
    const held = await this.begin.run(tx, heard.event, cause);
    return { settled, ...(held && { held: heard.event.id }) };
  }
}
