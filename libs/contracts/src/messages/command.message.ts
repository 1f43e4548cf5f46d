import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString } from 'class-validator';
import { PLATFORMS, type Platform } from '../platforms.js';
import type { Purpose } from '../ids.js';

/** One thing to do on a platform. The CloudEvent's id is the command id; its subject is our run's id. */
export class Command {
  /** Our run's id. */
  @IsString() run: string;
  @IsString() flow: string;
  @IsString() step: string;
  @IsString() purpose: Purpose;
  /** Counts per purpose, from 1. */
  @IsInt() n: number;
  @IsString() connection: string;
  @IsIn(PLATFORMS) platform: Platform;
  /** The action's name without the connection, e.g. `trigger-pipeline`; `cancel-run` for purpose `cancel`. */
  @IsString() action: string;
  /** The rendered `with`. Secrets are references `{env: NAME}` / `{file: PATH}`; only the connector resolves them. */
  @IsObject() with: Record<string, unknown>;
  /** True: follow the platform's run to its end. False: accepted is enough. */
  @IsBoolean() await: boolean;
  /** With `await`: the pipeline (name or file) whose run is followed, for actions that do not name one themselves. */
  @IsOptional() @IsString() awaitPipeline?: string;
  /** purpose `cancel`: the command whose platform run is to be cancelled. */
  @IsOptional() @IsString() cancels?: string;
  /** purpose `cancel`: the platform's run id, when the router knows it. */
  @IsOptional() @IsString() platformRun?: string;
}

/** The action of every command with purpose `cancel`. */
export const CANCEL_ACTION = 'cancel-run';

/** Purpose run or rollback: a person said that an UNKNOWN command ran; `with: { command, run }` names it and the platform's run to follow. */
export const FOLLOW_ACTION = 'follow-run';
