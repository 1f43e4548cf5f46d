import { Injectable } from '@nestjs/common';
import { instanceOrigin } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { Database, takeOnce, type Queryable } from '@stellwerk/database';
import { failpoint } from '@stellwerk/service-kit';
import type { Cause } from '../runs/move-run.js';
import { ApplyPlatformEvent } from './apply-platform-event.js';
import { ApplyTriggerResult } from './apply-trigger-result.js';
import { BeginFlows } from './begin-flows.js';
import type { Heard } from './read-event.js';

const CONSUMER = 'router-events';

/** What follows from one event, in one transaction: moved runs, new runs, their commands in the outbox. */
@Injectable()
export class RouteEvent {
  constructor(
    private readonly database: Database,
    private readonly resources: Resources,
    private readonly answers: ApplyTriggerResult,
    private readonly platformEvents: ApplyPlatformEvent,
    private readonly begin: BeginFlows,
  ) {}

  /** `takenAs` is what the inbox knows it by. Gives the instance whose held events may be decided now, if any. */
  async run(heard: Heard, takenAs: string, cause: Cause): Promise<string | undefined> {
    if (heard.kind === 'other') return undefined;
    await this.database.transaction(async (tx) => {
      if (await takeOnce(tx, CONSUMER, takenAs)) await this.#route(tx, heard, cause);
      failpoint('router.before-commit');
    });
    failpoint('router.after-commit');
    return heard.kind === 'answer' ? this.#originOf(heard.result.connection) : undefined;
  }

  async #route(tx: Queryable, heard: Exclude<Heard, { kind: 'other' }>, cause: Cause): Promise<void> {
    if (heard.kind === 'answer') return this.answers.run(tx, heard.verdict, heard.result, cause);
    await this.platformEvents.run(tx, heard.event, cause);
    await this.begin.run(tx, heard.event, cause);
  }

  #originOf(name: string): string | undefined {
    const connection = this.resources.current().connections[name];
    return connection && instanceOrigin(connection.platform, connection.url);
  }
}
