import { IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { SERVICES, type ServiceName } from './consumers.js';
import { DECISIONS, type Decision } from './messages/approval.message.js';

/** Request-reply patterns of the router (Nest's own NATS transport), asked by status for a person. */
export const ROUTER_REQUESTS = {
  cancel: 'router.cancel', resolve: 'router.resolve', resend: 'router.resend', approve: 'router.approve',
  retry: 'router.retry',
  rollback: 'router.rollback',
  explain: 'router.explain',
} as const;

/** In characters. */
export const LONGEST_COMMENT = 500;

/** A person's order to cancel a run. */
export class CancelRun {
  @IsString() run: string;
  @IsString() by: string;
}

/** A person settles an UNKNOWN step: it ran as `platformRun`, or it did not. */
export class ResolveStep {
  @IsString() run: string;
  @IsString() step: string;
  @IsBoolean() ran: boolean;
  @IsOptional() @IsString() platformRun?: string;
  @IsString() by: string;
}

/** A command that was given up is about to be sent once more. */
export class ResendCommand {
  /** Its id. */
  @IsString() command: string;
}

/** A person approves or denies. Status has found out who it is, and that the role is enough; the router knows who is asked. */
export class VoteOnApproval {
  /** Its id. */
  @IsString() approval: string;
  @IsIn(DECISIONS) decision: Decision;
  @IsOptional() @IsString() @MaxLength(LONGEST_COMMENT) comment?: string;
  @IsString() by: string;
  @IsArray() @IsString({ each: true }) teams: string[];
  /** Nobody is known by name: the door is open on loopback, and everyone there has every right. */
  @IsOptional() @IsBoolean() anyone?: boolean;
  /** The address that it came from. */
  @IsOptional() @IsString() from?: string;
}

/** A person's order to go on with a run that has ended, from its failed steps. */
export class RetryRun {
  @IsString() run: string;
  @IsString() by: string;
}

/** A person's order to roll a run back, or the question what that would do. */
export class RollBackRun {
  @IsString() run: string;
  @IsString() by: string;
  /** Only say what would be done. */
  @IsBoolean() dryRun: boolean;
}

/** One step of a run that is to be rolled back. */
export interface PlannedUndo {
  step: string;
  /** False: it cannot be undone, or need not, and `reason` says why. */
  undo: boolean;
  reason?: string;
  environment?: string;
  /** `<connection>/<action>` that undoes it. */
  uses?: string;
  /** As it would be sent now; secrets are references. */
  with?: Record<string, unknown>;
}

/** What a rollback would do, in the order in which it would. */
export interface RollbackPlan {
  /** Steps that run now, and would be cancelled at their platform first. */
  cancels: string[];
  /** Those that did, or may have done, something. */
  steps: PlannedUndo[];
}

/** The router's answer to an order. */
export interface OrderReply {
  ok: boolean;
  /** HTTP status that fits: 202, 403, 404, 409. */
  status: number;
  detail: string;
  /** Of a rollback that was only asked about. */
  plan?: RollbackPlan;
}

/** What a connector is asked: how a connection is, and to set its webhooks up. */
export const connectorRequest = (connector: ServiceName, order: 'check' | 'set-up'): string => `${connector}.${order}`;

/** Services that answer requests, each in a queue group of its name: all but the one that asks. */
export const ANSWERING: readonly ServiceName[] = SERVICES.filter((service) => service !== 'status');

/** Which resources has it in force? Asked without a body; one replica answers. */
export const configRequest = (service: ServiceName): string => `${service}.config`;

export interface ConfigInForce {
  /** Hash of the whole set. */
  revision: string;
  /** True when newer files were refused. */
  refused: boolean;
}

/** How is this connection? */
export class CheckConnection {
  @IsString() connection: string;
}

/** One thing that was looked at. No secret is in it. */
export interface Finding {
  /** What it is about: a repository, or `credentials`, `address`, … */
  about: string;
  /** `fault`: something does not work · `warning`: it may not, or not for long · `unknown`: could not be looked at. */
  level: 'ok' | 'warning' | 'fault' | 'unknown';
  text: string;
  /** What to do about it. */
  remedy?: string;
}

export interface ConnectionCheck {
  connection: string;
  checkedAt: string;
  findings: Finding[];
}

/** A person's order to create or mend the webhooks of a connection. */
export class SetUpConnection {
  @IsString() connection: string;
  /** These alone; absent: all that lead to it, or should. */
  @IsOptional() @IsString({ each: true }) repositories?: string[];
  /** Only say what would be changed. */
  @IsBoolean() dryRun: boolean;
  @IsString() by: string;
}

/** What is, or would be, done at one place. */
export interface HookChange {
  /** The repository, project or organization. */
  place: string;
  /** `by-hand`: only a person can. `refused`: it cannot be done, and `lines` say why. */
  action: 'none' | 'create' | 'change' | 'by-hand' | 'refused';
  /** What changes, in words. */
  lines: string[];
  /** False in a dry run, and where it could not be done. */
  done: boolean;
}

export interface SetUpReply {
  connection: string;
  changes: HookChange[];
}
