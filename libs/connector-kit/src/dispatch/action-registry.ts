import { Inject, Injectable } from '@nestjs/common';
import { PermanentError } from '@stellwerk/service-kit';
import { ADAPTER, type ConnectorAction, type ConnectorAdapter } from '../adapter.js';
import { CancelRunAction } from './cancel-run.action.js';
import { FollowRunAction } from './follow-run.action.js';

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

  isRepeatable(name: string): boolean {
    return this.#actions.get(name)?.repeatable ?? false;
  }
}
