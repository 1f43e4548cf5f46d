import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { enqueue, type OutboxMessage, type Queryable } from '@stellwerk/database';
import type { Effect, Flow, RunRecord } from '@stellwerk/flows';
import { traceHeaders } from '@stellwerk/service-kit';
import { RouterMetrics } from '../router.metrics.js';
import { TimersRepository } from '../timers/timers.repository.js';
import { targetOf } from './command-target.js';
import { CommandsRepository } from './commands.repository.js';
import { LedgerRepository } from './ledger.repository.js';
import { commandMessage, runMessage } from './run-messages.js';

/** One planned change, and the message that caused it. */
export interface PlannedChange {
  run: RunRecord;
  flow: Flow;
  effects: readonly Effect[];
  cause: string;
}

/** Writes down what planning decided; messages go to the outbox under the active span. */
@Injectable()
export class StoreEffects {
  constructor(
    private readonly resources: Resources,
    private readonly commands: CommandsRepository,
    private readonly timers: TimersRepository,
    private readonly ledger: LedgerRepository,
    private readonly metrics: RouterMetrics,
  ) {}

  async run(tx: Queryable, change: PlannedChange): Promise<void> {
    const messages: OutboxMessage[] = [];
    for (const effect of change.effects) {
      const message = await this.#store(tx, change, effect);
      if (message) messages.push(message);
    }
    if (messages.length > 0) await enqueue(tx, messages, traceHeaders());
  }

  async #store(tx: Queryable, { run, flow, cause }: PlannedChange, effect: Effect): Promise<OutboxMessage | void> {
    switch (effect.kind) {
      case 'command': {
        const connection = this.resources.current().connections[effect.command.connection];
        await this.commands.insert(tx, effect.id, effect.command, targetOf(effect.command, connection));
        this.metrics.commands.inc({ purpose: effect.command.purpose, state: 'sent' });
        return commandMessage(effect.id, effect.command, cause);
      }
      case 'event':
        if (effect.type.startsWith('run.') && effect.type !== 'run.changed') this.metrics.runs.inc({ state: run.state });
        return runMessage(run, flow, effect, cause);
      case 'give-up':
        return this.commands.giveUp(tx, effect.command);
      case 'set-timer':
        return this.timers.set(tx, run.id, effect.key, effect.due, effect.timer);
      case 'clear-timer':
        return this.timers.clear(tx, run.id, effect.key);
      case 'ledger-enter':
        return this.ledger.enter(tx, run, effect.step, effect.environment, new Date());
      case 'ledger-good':
        return this.ledger.markGood(tx, run.id);
      case 'ledger-revert':
        return this.ledger.markReverted(tx, run.id, effect.step);
    }
  }
}
