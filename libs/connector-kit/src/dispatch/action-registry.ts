import { Injectable } from '@nestjs/common';
import type { Command, Platform } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import type { ConnectorAction } from '../adapter.js';
import { Adapters } from '../adapters.js';
import { CancelRunAction } from './cancel-run.action.js';
import { FollowRunAction } from './follow-run.action.js';

const UNREADABLE = 'the command cannot be carried out as it is';

/** The actions of each platform and those that every connector has. */
@Injectable()
export class ActionRegistry {
  readonly #actions: ReadonlyMap<Platform, ReadonlyMap<string, ConnectorAction>>;

  constructor(adapters: Adapters, cancel: CancelRunAction, follow: FollowRunAction) {
    const byName = (actions: readonly ConnectorAction[]) => new Map([...actions, cancel, follow].map((action) => [action.name, action]));
    this.#actions = new Map(adapters.all.map(({ platform, actions }) => [platform, byName(actions)]));
  }

  /** @throws PermanentError when there is none of that name */
  named({ platform, action: name }: Pick<Command, 'platform' | 'action'>): ConnectorAction {
    const action = this.#actions.get(platform)?.get(name);
    if (!action) throw new PermanentError(`there is no action "${name}" of ${platform}; known: ${[...(this.#actions.get(platform)?.keys() ?? [])].join(', ')}`);
    return action;
  }

  /** Dispatches of one lane could be mistaken for each other: same connection, pipeline and ref. */
  laneOf(command: Command): string {
    try {
      const { repository, pipeline, ref } = this.named(command).target(command.with);
      return [command.connection, repository, pipeline, ref].join('|');
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return `${command.connection}|${UNREADABLE}|${command.run}`; // Its send will say what is wrong with it.
    }
  }

  isRepeatable({ platform, action }: Pick<Command, 'platform' | 'action'>): boolean {
    return this.#actions.get(platform)?.get(action)?.repeatable ?? false;
  }
}
