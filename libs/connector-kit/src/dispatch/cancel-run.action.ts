import { Injectable } from '@nestjs/common';
import { CANCEL_ACTION, parseCommandId, type Command } from '@stellwerk/contracts';
import { Database, OutboxRelay, type Enqueued, type Queryable } from '@stellwerk/database';
import { eventMessage } from '@stellwerk/messaging';
import { PermanentError } from '@stellwerk/service-kit';
import type { ActionCall, ConnectorAction, Sent, Target } from '../adapter.js';
import { Adapters } from '../adapters.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { IntentsRepository } from './intents.repository.js';
import { triggerEvent, triggerSubject } from './trigger-event.js';

/** A run that is being started right now is cancelled once its id is known. */
const UNSETTLED_RETRY_MS = 2_000;
const WITHDRAWN = 'cancelled before it was sent';

/** What is known of a command from the cancel that came before it. */
const unseen = ({ command, trace }: { command: Command; trace: Dispatch['trace'] }, cancels: string): Pick<Dispatch, 'commandId' | 'command' | 'trace' | 'lane' | 'carrier'> => {
  const parts = parseCommandId(cancels);
  if (!parts) throw new PermanentError(`"${cancels}" is no command`);
  const { run, flow, connection, platform } = command;
  const { step, purpose, n } = parts;
  return { commandId: cancels, command: { run, flow, step, purpose, n, connection, platform, action: CANCEL_ACTION, with: {}, await: false }, trace, lane: cancels, carrier: true };
};

/** Ends what an earlier command started: withdrawn while unsent, else by the platform's own cancel. */
@Injectable()
export class CancelRunAction implements ConnectorAction {
  readonly name = CANCEL_ACTION;
  readonly follows = false;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  constructor(
    private readonly adapters: Adapters,
    private readonly dispatches: DispatchRepository,
    private readonly intents: IntentsRepository,
    private readonly database: Database,
    private readonly relay: OutboxRelay,
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
    const dispatch = (await this.dispatches.find(cancels)) ?? (await this.#foresee(call, cancels));
    // First what costs no call: while a platform is away it must not be sent.
    const isSettled = !dispatch || dispatch.state === 'FAILED' || (dispatch.state === 'PENDING' && (await this.#withdraw(dispatch)));
    const isNamedEnded = await this.#cancelNamed(call, dispatch);
    if (isSettled) return { kind: 'accepted' };
    if (dispatch.run || (dispatch.handle && !isNamedEnded)) return this.#cancel(call, dispatch);
    if (isNamedEnded) return { kind: 'accepted' };
    return { kind: 'not-started', reason: `command ${cancels} is not settled yet`, retryMs: UNSETTLED_RETRY_MS };
  }

  async #cancel(call: ActionCall, dispatch: Dispatch): Promise<Sent> {
    await call.beforeSend();
    const repository = dispatch.run?.repository ?? String(dispatch.command.with.job ?? '');
    await this.adapters.of(call.command.platform).cancel(call.calls, { repository, runId: dispatch.run?.id, handle: dispatch.handle });
    return { kind: 'accepted' };
  }

  /** Ends the run that a person named, whatever became of the command that is said to have started it. @returns false when no other than the command's own is named, or the platform has no such run */
  async #cancelNamed(call: ActionCall, dispatch: Dispatch | undefined): Promise<boolean> {
    const { platformRun, platform, cancels } = call.command;
    if (platformRun === undefined || platformRun === dispatch?.run?.id) return false;
    if (!dispatch) throw new PermanentError(`command ${cancels} was never taken here: where run ${platformRun} is cannot be told`);
    const adapter = this.adapters.of(platform);
    const action = adapter.actions.find(({ name }) => name === dispatch.command.action);
    const run = action && (await adapter.describe(call.calls, action.target(dispatch.command.with), platformRun));
    if (!run) return false;
    await call.beforeSend();
    await adapter.cancel(call.calls, { repository: run.repository, runId: run.id });
    return true;
  }

  async #withdraw(dispatch: Dispatch): Promise<boolean> {
    return this.#settle(dispatch, (tx, event) => this.dispatches.withdraw(tx, dispatch.commandId, WITHDRAWN, event));
  }

  /** The cancel has overtaken its command: that one will find itself settled when it comes. @returns it when it has come meanwhile */
  async #foresee(call: ActionCall, cancels: string): Promise<Dispatch | undefined> {
    const intent = { ...unseen({ command: call.command, trace: call.trace }, cancels), reason: WITHDRAWN };
    const done = await this.#settle(intent, (tx, event) => this.intents.cancelled(tx, intent, event));
    return done ? undefined : this.dispatches.find(cancels);
  }

  /** Writes that a command will not be sent, and says so. @returns what `write` says */
  async #settle(of: Pick<Dispatch, 'commandId' | 'command' | 'trace'>, write: (tx: Queryable, event: ReturnType<typeof triggerEvent>) => Promise<boolean>): Promise<boolean> {
    const event = triggerEvent('trigger.rejected', of, { rejection: 'error', reason: WITHDRAWN }, new Date());
    const enqueued = await this.database.transaction(async (tx): Promise<Enqueued | undefined> => {
      if (!(await write(tx, event))) return undefined;
      return this.relay.enqueue(tx, [{ ...eventMessage(triggerSubject(of.command.platform, 'trigger.rejected'), event), trace: of.trace }]);
    });
    if (enqueued) await this.relay.publish(enqueued);
    return enqueued !== undefined;
  }
}
