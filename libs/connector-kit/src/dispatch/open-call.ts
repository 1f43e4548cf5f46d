import { Injectable } from '@nestjs/common';
import { instanceOrigin, platformRunKey } from '@stellwerk/contracts';
import { Secrets } from '@stellwerk/config';
import { PermanentError } from '@stellwerk/service-kit';
import type { ActionCall, ConnectorAction, StartedRun, Target } from '../adapter.js';
import type { ConnectionCalls } from '../calls/connection-calls.js';
import { ConnectionPool } from '../calls/connection-pool.js';
import { Patience } from '../calls/patience.js';
import type { SendGuard } from '../calls/platform-request.js';
import type { Connection } from '../connection.js';
import { ActionRegistry } from './action-registry.js';
import { CarrierRepository } from './carrier.repository.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { Dispatch } from './dispatch.types.js';
import { revealSecrets } from './reveal-secrets.js';
import { secretsOf } from './secrets-of.js';

export interface OpenCall {
  action: ConnectorAction;
  target: Target;
  call: ActionCall;
  /** Every secret that may have gone out with the call: nothing that is kept of its answer may hold one. */
  secrets(): string[];
}

/** The key of a platform's run on this connection, the same that hooks and polls make. */
export const runKeyOn = (connection: Connection, run: Pick<StartedRun, 'repository' | 'id'>): string =>
  platformRunKey(instanceOrigin(connection.platform, connection.url), run.repository, run.id);

/** Time limit that a dispatch of a connection without settings is held under. */
const FALLBACK_TIMEOUT_MS = 12_000;

const NO_SEND: SendGuard = {
  beforeSend: async () => {
    throw new Error('only a send may send');
  },
  maySend: () => false,
};

/** The part of a dispatch that a call is made from. */
export type Callable = Pick<Dispatch, 'commandId' | 'connection' | 'command' | 'trace' | 'carrier' | 'firstSentAt'>;

/** Puts together what an action needs for one dispatch: connection, calls, secrets, carrier. */
@Injectable()
export class CallOpener {
  readonly #patience = new Patience();

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

  /**
   * @throws NotReady for a moment, then PermanentError, when the connection or a secret is not there
   * @throws PermanentError when there is no such action, or `with` is not what it takes
   */
  async open(of: Callable, guard: SendGuard = NO_SEND): Promise<OpenCall> {
    const { command, commandId } = of;
    const calls = await this.#callsOf(command);
    const action = this.actions.named(command);
    const target = action.target(command.with);
    const { connection } = calls;
    const revealed = new Set<string>();
    const call: ActionCall = {
      commandId, command, trace: of.trace, connection, calls, beforeSend: () => guard.beforeSend(), maySend: () => guard.maySend(),
      carrier: of.carrier && (await this.carriers.allowed(connection.name, pipelineOf(target))),
      with: await this.#revealed(of, action, revealed),
      sentAt: of.firstSentAt,
      reveal: (reference) => this.#patience.run(`secret of ${connection.name}`, () => noted(revealed, this.secrets.resolve(reference).reveal())),
      isClaimed: (run) => this.dispatches.isClaimed(runKeyOn(connection, run), commandId),
      isHandleTaken: (handle, which) => this.dispatches.isHandleTaken({ connection: connection.name, handle, by: commandId, which }),
    };
    return { action, target, call, secrets: () => [...revealed, ...secretsOf(connection, this.secrets)] };
  }

  /** Asked again after a wait: another dispatch may have found out meanwhile that the carrier is refused. */
  async mayCarry({ call, target }: OpenCall): Promise<boolean> {
    return call.carrier && (await this.carriers.allowed(call.connection.name, pipelineOf(target)));
  }

  /** A command for one platform is not carried out on another that the connection has been pointed at since. */
  #callsOf({ connection: name, platform }: Callable['command']): Promise<ConnectionCalls> {
    return this.#patience.run(`connection ${name}`, () => {
      const calls = this.pool.of(name);
      if (calls?.connection.platform !== platform) throw new PermanentError(`connection "${name}" is not configured`);
      return calls;
    });
  }

  #revealed({ connection, command }: Callable, { secretFields }: ConnectorAction, revealed: Set<string>): Promise<Record<string, unknown>> {
    const reveal = (reference: { env: string } | { file: string }): string => noted(revealed, this.secrets.resolve(reference).reveal());
    return this.#patience.run(`secrets ${connection} ${command.flow} ${command.step}`, () => revealSecrets(command.with, secretFields, reveal));
  }
}

const noted = (among: Set<string>, text: string): string => {
  among.add(text);
  return text;
};

/** What a carrier note is kept under. */
export const pipelineOf = (target: Target): string => `${target.repository}|${target.pipeline ?? ''}`;
