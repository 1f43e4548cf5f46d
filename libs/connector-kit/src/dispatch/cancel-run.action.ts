import { Inject, Injectable } from '@nestjs/common';
import { CANCEL_ACTION } from '@stellwerk/contracts';
import { Database, enqueue } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { PermanentError } from '@stellwerk/service-kit';
import { ADAPTER, type ActionCall, type ConnectorAction, type ConnectorAdapter, type Sent, type Target } from '../adapter.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

/** A run that is being started right now is cancelled once its id is known. */
const UNSETTLED_RETRY_MS = 2_000;
const WITHDRAWN = 'cancelled before it was sent';

/** Ends what an earlier command started: withdrawn while unsent, else by the platform's own cancel. */
@Injectable()
export class CancelRunAction implements ConnectorAction {
  readonly name = CANCEL_ACTION;
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  constructor(
    @Inject(ADAPTER) private readonly adapter: ConnectorAdapter,
    private readonly dispatches: DispatchRepository,
    private readonly database: Database,
  ) {}

  target(): Target {
    return { repository: '' };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { cancels } = call.command;
    if (!cancels) throw new PermanentError('a cancel command has to name the command that it cancels');
    const dispatch = await this.dispatches.find(cancels);
    if (!dispatch) throw new PermanentError(`command ${cancels} was never taken here`);
    if (dispatch.state === 'FAILED' || (dispatch.state === 'PENDING' && (await this.#withdraw(dispatch)))) return { kind: 'accepted' };
    if (dispatch.run || dispatch.handle) return this.#cancel(call, dispatch);
    return { kind: 'not-started', reason: `command ${cancels} is not settled yet`, retryMs: UNSETTLED_RETRY_MS };
  }

  async #cancel(call: ActionCall, dispatch: Dispatch): Promise<Sent> {
    await call.beforeSend();
    const repository = dispatch.run?.repository ?? String(dispatch.command.with.job ?? '');
    await this.adapter.cancel(call.calls, { repository, runId: dispatch.run?.id, handle: dispatch.handle });
    return { kind: 'accepted' };
  }

  async #withdraw(dispatch: Dispatch): Promise<boolean> {
    const event = triggerEvent('trigger.rejected', dispatch, { rejection: 'error', reason: WITHDRAWN }, new Date());
    return this.database.transaction(async (tx) => {
      if (!(await this.dispatches.withdraw(tx, dispatch.commandId, WITHDRAWN, event))) return false;
      const message = eventMessage(triggerSubject(dispatch.command.platform, 'trigger.rejected'), event);
      await enqueue(tx, [message], dispatch.trace);
      return true;
    });
  }
}
