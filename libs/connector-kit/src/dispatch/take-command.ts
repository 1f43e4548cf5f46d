import { Injectable } from '@nestjs/common';
import { Command, type CloudEvent, type TriggerEventType, shortType } from '@stellwerk/contracts';
import { Database } from '@stellwerk/database';
import { Publisher, eventMessage, type ReceivedMessage } from '@stellwerk/messaging';
import { PermanentError, RetryableError, validated } from '@stellwerk/service-kit';
import { ActionRegistry } from './action-registry.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { DispatchWorker } from './dispatch.worker.js';
import { triggerSubject } from './trigger-event.js';

const UNREADABLE = 'the command cannot be carried out as it is';

/** Takes one command off the stream: enters it in the own table once, then moves it on. */
@Injectable()
export class CommandTaker {
  constructor(
    private readonly database: Database,
    private readonly dispatches: DispatchRepository,
    private readonly actions: ActionRegistry,
    private readonly worker: DispatchWorker,
    private readonly publisher: Publisher,
  ) {}

  /** Done when the command is settled or parked: from then on the own table brings it to its end. */
  async take(message: ReceivedMessage): Promise<void> {
    const event = message.cloudEvent<unknown>();
    const command = validated(Command, event.data);
    const known = await this.dispatches.find(event.id);
    if (known) return this.#again(known);
    await this.#enter(event.id, command, message);
    await this.worker.work({ commandId: event.id, connection: command.connection });
  }

  async #enter(commandId: string, command: Command, message: ReceivedMessage): Promise<void> {
    const created = { commandId, command, trace: message.trace, lane: this.#laneOf(command) };
    await this.database.transaction(async (tx) => {
      await this.dispatches.insert(tx, created);
      await this.dispatches.supersedeEarlier(tx, created);
    });
  }

  /** Delivered once more: what was said is said again under the same id; what is under way is let be. */
  async #again(dispatch: Dispatch): Promise<void> {
    if (dispatch.outcome && dispatch.state !== 'PENDING') return this.#republish(dispatch.outcome);
    if (dispatch.state === 'DISPATCHING') throw new RetryableError('this command is being sent', { retryAfterMs: 5_000 });
    await this.worker.work(dispatch);
  }

  async #republish(event: CloudEvent): Promise<void> {
    const type = shortType(event.type) as TriggerEventType;
    const { platform } = event.data as Command;
    await this.publisher.publish(eventMessage(triggerSubject(platform, type), event));
  }

  /** Dispatches of one lane could be mistaken for each other: same connection, pipeline and ref. */
  #laneOf(command: Command): string {
    try {
      const { repository, pipeline, ref } = this.actions.named(command.action).target(command.with);
      return [command.connection, repository, pipeline, ref].join('|');
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return `${command.connection}|${UNREADABLE}|${command.run}`; // Its send will say what is wrong with it.
    }
  }
}
