import { IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';

/** A person starts a flow by hand: data of `run.requested`, which status tells and the router starts the run from. */
export class RunRequested {
  @IsString() flow: string;
  /** Id of the run that it starts: `requestedRunId`. */
  @IsString() run: string;
  /** As they were given; the router reads them by the flow's own declarations. */
  @IsObject() inputs: Record<string, unknown>;
  @IsString() by: string;
  /** What the person called this order: the same key starts one run. */
  @IsOptional() @IsString() key?: string;
  @IsISO8601() occurredAt: string;
}

/** The place that no trigger of a file has: the run was started by hand. */
export const BY_HAND = -1;
