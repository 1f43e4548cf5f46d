import type { Command, Outputs, Platform, PlatformEvent, PlatformEventType } from '@stellwerk/contracts';
import type { Secrets } from '@stellwerk/config';
import type { TraceHeaders } from '@stellwerk/service-kit';
import type { ConnectionCalls } from './calls/connection-calls.js';
import type { SendGuard } from './calls/platform-request.js';
import type { Connection } from './connection.js';
import type { Repeated, StartedRun } from './platform-run.js';

export type { Repeated, StartedRun } from './platform-run.js';

/** As the configuration names a secret. */
export type SecretReference = { env: string } | { file: string };

/** Where an action's run will show up. */
export interface Target {
  /** `owner/name`, project or Jenkins job path. */
  repository: string;
  /** File, project or job: what the carrier is remembered for. */
  pipeline?: string;
  ref?: string;
}

/**
 * What an action knows while it works on one command. It is the guard of the one call that starts something: hand it to
 * `calls.write`, which commits "sent" and checks lease and fence.
 */
export interface ActionCall extends SendGuard {
  commandId: string;
  command: Command;
  /** Of the command's message. */
  trace: TraceHeaders;
  connection: Connection;
  calls: ConnectionCalls;
  /** False where the platform is known to refuse our correlation carrier for this pipeline. */
  carrier: boolean;
  /** `with` with every secret reference resolved; never to be logged or stored. */
  with: Record<string, unknown>;
  /** Begin of the first send; absent before one. */
  sentAt?: Date;
  /** The value of a secret that the connection names. @throws NotReady for a moment, then PermanentError, when it is not set */
  reveal(reference: SecretReference): Promise<string>;
  /** True when another command owns that platform run. */
  isClaimed(run: Pick<StartedRun, 'repository' | 'id'>): Promise<boolean>;
  /** True when another command was given that handle; `open`: and has no run yet. */
  isHandleTaken(handle: string, which: 'any' | 'open'): Promise<boolean>;
}

/** What came of sending. Trouble is thrown as call errors; `Refused` for a platform's no. */
export type Sent =
  /**
   * `handle`: what leads to the run later (a queue item). Neither: it was taken, the run has to be looked up.
   * `outputs`: what the answer gives to later steps, whatever its size.
   */
  | { kind: 'accepted'; run?: StartedRun; handle?: string; note?: string; outputs?: Outputs; repeats?: Repeated }
  /** It was taken, and the platform will never tell which run it is: accepted is all there is. */
  | { kind: 'accepted'; untold: true; outputs?: Outputs }
  /** Refused for nothing but our carrier: proof that nothing started. */
  | { kind: 'carrier-refused'; reason: string }
  /** The platform did nothing, or is not done yet; send again after a wait that grows from `retryMs`. After an hour that ends as error. */
  | { kind: 'not-started'; reason: string; retryMs: number };

export type Looked =
  /** `outputs`: only what surely is of this very command. */
  | { kind: 'found'; run?: StartedRun; handle?: string; outputs?: Outputs; repeats?: Repeated }
  | { kind: 'absent' }
  /** A handle that is not a run yet; `reason`: why, in the platform's words. */
  | { kind: 'waiting'; reason?: string }
  /** Ended before it became a run, e.g. cancelled in the queue. */
  | { kind: 'dropped'; reason: string }
  | { kind: 'cannot'; reason: string };

/** One `<connection>/<action>`. */
export interface ConnectorAction {
  readonly name: string;
  /** True: there is a platform run that is followed to its end. */
  readonly follows: boolean;
  /** Where only the command tells whether there is such a run; goes before `follows`. */
  followsFor?(command: Command): boolean;
  /** True: sending twice does no harm, so an unknown outcome is simply sent again. */
  readonly repeatable: boolean;
  /** Fields of `with` that are a secret themselves; in maps each value may be one. */
  readonly secretFields: readonly string[];
  /** @throws PermanentError when `with` is not what the action takes */
  target(withValues: Record<string, unknown>): Target;
  /** True when a look-up cannot tell our runs of this pipeline apart, so that they go one after the other. */
  exclusive(call: ActionCall): Promise<boolean>;
  send(call: ActionCall): Promise<Sent>;
  /** Outputs that follow from the run, whoever found it. Those of an answer go before. */
  outputsOf?(run: StartedRun, command: Command): Outputs;
  /** By correlation, after an unknown outcome or an answer without a run. */
  lookUp?(call: ActionCall): Promise<Looked>;
  /** After an accepted one: learns, by one cheap read, what makes the next ones go faster. Its failure is nobody's loss. */
  learn?(call: ActionCall, run: StartedRun): Promise<void>;
  /** From the handle of an accepted command to its run. */
  resolve?(call: ActionCall, handle: string): Promise<Looked>;
}

/** One event that a poll makes of a run, the same as a hook would have told. */
export interface PolledEvent {
  type: PlatformEventType;
  subject: string;
  fact: string;
  data: PlatformEvent;
}

export interface FollowedRun {
  commandId: string;
  pipeline?: string;
  runKey: string;
  repository: string;
  runId: string;
  attempt: number;
  createdAt: Date;
}

export interface PolledRun {
  runKey: string;
  events: readonly PolledEvent[];
}

/** The platform shows this command's id on this run. */
export type ShownIds = (commandId: string, run: Pick<StartedRun, 'repository' | 'id'>) => void;

/** What a platform's connector brings; the kit does the rest. */
export interface ConnectorAdapter {
  readonly platform: Platform;
  readonly actions: readonly ConnectorAction[];
  /** A cheap read any valid credentials may do. Absent: nothing tells refused credentials from a refused object, so a 401 is the object's. */
  readonly probePath?: string;
  /** Present where all can be done without `auth`; why that is, for a person. */
  readonly withoutAuth?: string;
  /**
   * Credentials of the connection as request headers.
   * @throws PermanentError when a secret is not set, CredentialsRefused when the platform gives none for it, NotSent, Held when it cannot be asked
   */
  credentials(connection: Connection, secrets: Secrets): Record<string, string> | Promise<Record<string, string>>;
  /** True while the credentials are so new that a 401 may mean that the platform does not know them everywhere yet. */
  areNew?(connection: Connection): boolean;
  /** The platform has just refused the credentials: what is kept of them may be out of date. */
  refused?(connection: Connection): void;
  /** Asks the platform to end a run or queued item. @throws call errors, Refused */
  cancel(calls: ConnectionCalls, of: { repository: string; runId?: string; handle?: string }): Promise<void>;
  /** The run a person named; undefined when the platform has none of that id. */
  describe(calls: ConnectionCalls, target: Target, runId: string): Promise<StartedRun | undefined>;
  /**
   * One look at all followed runs of a repository; those it cannot find are left out. `shows` is told which command's id the platform
   * shows on which run, wherever it shows one.
   */
  poll(calls: ConnectionCalls, repository: string, runs: readonly FollowedRun[], shows: ShownIds): Promise<PolledRun[]>;
}
