import { IsBoolean, IsOptional, IsString } from 'class-validator';

/** Request-reply patterns of the router (Nest's own NATS transport), asked by status for a person. */
export const ROUTER_REQUESTS = { cancel: 'router.cancel', resolve: 'router.resolve', resend: 'router.resend' } as const;

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

/** The router's answer to an order. */
export interface OrderReply {
  ok: boolean;
  /** HTTP status that fits: 202, 404, 409. */
  status: number;
  detail: string;
}
