import { Injectable } from '@nestjs/common';
import { instanceOrigin, platformRunKey } from '@stellwerk/contracts';
import { Secrets } from '@stellwerk/config';
import { PermanentError } from '@stellwerk/service-kit';
import type { ActionCall, ConnectorAction, StartedRun, Target } from '../adapter.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import type { Connection } from '../connection.js';
import { ActionRegistry } from './action-registry.js';
import { CarrierRepository } from './carrier.repository.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { revealSecrets } from './reveal-secrets.js';

export interface OpenCall {
  action: ConnectorAction;
  target: Target;
  call: ActionCall;
}

/** The key of a platform's run on this connection, the same that hooks and polls make. */
export const runKeyOn = (connection: Connection, run: Pick<StartedRun, 'repository' | 'id'>): string =>
  platformRunKey(instanceOrigin(connection.platform, connection.url), run.repository, run.id);

/** Time limit that a dispatch of a connection without settings is held under. */
const FALLBACK_TIMEOUT_MS = 12_000;

const unsent = async (): Promise<void> => {
  throw new Error('only a send may send');
};

/** Puts together what an action needs for one dispatch: connection, calls, secrets, carrier. */
@Injectable()
export class CallOpener {
  constructor(
    private readonly actions: ActionRegistry,
    private readonly pool: ConnectionPool,
    private readonly secrets: Secrets,
    private readonly carriers: CarrierRepository,
    private readonly dispatches: DispatchRepository,
  ) {}

  /** Time limit of a call to the connection. */
  timeoutMs(connection: string): number {
    return this.pool.of(connection)?.connection.limits.timeoutMs ?? FALLBACK_TIMEOUT_MS;
  }

  /** @throws PermanentError when connection, action, `with` or a secret is not there */
  async open(dispatch: Dispatch, beforeSend: () => Promise<void> = unsent): Promise<OpenCall> {
    const { command, commandId } = dispatch;
    const calls = this.pool.of(dispatch.connection);
    if (!calls) throw new PermanentError(`connection "${dispatch.connection}" is no longer configured`);
    const action = this.actions.named(command.action);
    const target = action.target(command.with);
    const { connection } = calls;
    const call: ActionCall = {
      commandId, command, connection, calls, beforeSend,
      carrier: dispatch.carrier && (await this.carriers.allowed(connection.name, pipelineOf(target))),
      with: revealSecrets(command.with, action.secretFields, (reference) => this.secrets.resolve(reference).reveal()),
      sentAt: dispatch.firstSentAt,
      isClaimed: (run) => this.dispatches.isClaimed(runKeyOn(connection, run), commandId),
      isHandleTaken: (handle, which) => this.dispatches.isHandleTaken({ connection: connection.name, handle, by: commandId, which }),
    };
    return { action, target, call };
  }
}

/** What a carrier note is kept under. */
export const pipelineOf = (target: Target): string => `${target.repository}|${target.pipeline ?? ''}`;
