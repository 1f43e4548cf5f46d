import { Inject, Injectable } from '@nestjs/common';
import type { Command } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import { ADAPTER, type ConnectorAction, type ConnectorAdapter } from '../adapter.js';
import { CancelRunAction } from './cancel-run.action.js';
import { FollowRunAction } from './follow-run.action.js';

const UNREADABLE = 'the command cannot be carried out as it is';

/** The platform's own actions and those that every connector has. */
@Injectable()
export class ActionRegistry {
  readonly #actions: ReadonlyMap<string, ConnectorAction>;

  constructor(@Inject(ADAPTER) adapter: ConnectorAdapter, cancel: CancelRunAction, follow: FollowRunAction) {
    this.#actions = new Map([...adapter.actions, cancel, follow].map((action) => [action.name, action]));
  }

  /** @throws PermanentError when there is none of that name */
  named(name: string): ConnectorAction {
    const action = this.#actions.get(name);
    if (!action) throw new PermanentError(`there is no action "${name}"; known: ${[...this.#actions.keys()].join(', ')}`);
    return action;
  }

  /** Dispatches of one lane could be mistaken for each other: same connection, pipeline and ref. */
  laneOf(command: Command): string {
    try {
      const { repository, pipeline, ref } = this.named(command.action).target(command.with);
      return [command.connection, repository, pipeline, ref].join('|');
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return `${command.connection}|${UNREADABLE}|${command.run}`; // Its send will say what is wrong with it.
    }
  }

  isRepeatable(name: string): boolean {
    return this.#actions.get(name)?.repeatable ?? false;
  }
}
