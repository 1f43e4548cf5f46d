import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import type { OutboxMessage } from '@stellwerk/database';
import { placeOf, type Effect, type Flow, type RunRecord } from '@stellwerk/flows';
import { traceHeaders } from '@stellwerk/service-kit';
import type { WorkingSet } from '../work/working-set.js';
import { targetOf } from './command-target.js';
import { LedgerRepository } from './ledger.repository.js';
import { approvalMessage, commandMessage, runMessage } from './run-messages.js';

/** One planned change, and the message that caused it. */
export interface PlannedChange {
  run: RunRecord;
  flow: Flow;
  effects: readonly Effect[];
  cause: string;
}

const deploys = (flow: Flow): boolean => flow.steps.some(({ environment }) => environment !== undefined);

/** Notes what planning decided in the working set; messages go out under the span that is active now. */
@Injectable()
export class NoteEffects {
  constructor(
    private readonly resources: Resources,
    private readonly ledger: LedgerRepository,
  ) {}

  async run(set: WorkingSet, change: PlannedChange): Promise<void> {
    const trace = traceHeaders();
    for (const effect of change.effects) {
      const message = await this.#note(set, change, effect);
      if (message) set.messages.push({ run: change.run.id, message: { ...message, trace } });
    }
  }

  async #note(set: WorkingSet, { run, flow, cause }: PlannedChange, effect: Effect): Promise<OutboxMessage | void> {
    switch (effect.kind) {
      case 'command':
        return this.#command(set, effect, cause);
      case 'event':
        if (effect.type.startsWith('run.') && effect.type !== 'run.changed') set.counts.runs.push({ state: run.state });
        return runMessage(run, flow, effect, cause);
      case 'give-up':
        return set.commands.giveUp(effect.command, run.id);
      case 'set-timer':
        return set.setTimer({ run: run.id, key: effect.key, due: effect.due, timer: effect.timer });
      case 'clear-timer':
        return set.clearTimer(run.id, effect.key);
      // The ledger is written at once: what runs of the same transaction do next depends on it.
      case 'ledger-enter':
        return this.ledger.enter(set.tx, run, effect.step, effect.environment, new Date());
      case 'ledger-good':
        return deploys(flow) ? this.ledger.markGood(set.tx, run.id) : undefined;
      case 'ledger-revert':
        return this.ledger.markReverted(set.tx, run.id, effect.step);
      case 'ledger-doubt':
        return deploys(flow) ? this.ledger.doubt(set.tx, run.id) : undefined;
      case 'approval':
        set.approvals.push(effect);
        return approvalMessage(run, flow, effect, cause);
      case 'listen':
        return set.waits.begin(run.id, effect.awaited);
      case 'stop-listening':
        return set.waits.end(run.id);
      case 'wait-slot':
      case 'take-slot':
        return set.slots.put(placeOf(run, effect.ask, effect.kind === 'take-slot'));
      case 'free-slot':
        return set.slots.free(run.id, effect.step);
    }
  }

  #command(set: WorkingSet, { id, command }: Extract<Effect, { kind: 'command' }>, cause: string): OutboxMessage {
    set.commands.send({ id, command, target: targetOf(command, this.resources.current().connections[command.connection]) });
    set.counts.commands.push({ purpose: command.purpose, state: 'sent' });
    return commandMessage(id, command, cause);
  }
}
