import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PLATFORMS, type Platform } from '../platforms.js';
import type { Purpose } from '../ids.js';
import type { Outputs } from '../outputs.js';
import { PipelineRunRef } from './platform-event.message.js';

/** A run of a platform that was there before, and that a command has set going again. */
export class RepeatedRun {
  /** `platformRunKey` of the run. */
  @IsString() key: string;
  /** The attempt that the command has made, where the platform counts them. */
  @IsOptional() @IsInt() attempt?: number;
  /** Where it does not: the end that the run had come to before. Absent: none, or not known. */
  @IsOptional() @IsISO8601() after?: string;
}

export const REJECTIONS = ['refused', 'error'] as const;

/** What a connector says about one command: accepted, rejected, unknown or delayed (the event's type tells which). */
export class TriggerResult {
  /** The command's id. */
  @IsString() command: string;
  /** Our run's id. */
  @IsString() run: string;
  @IsString() flow: string;
  @IsString() step: string;
  @IsString() purpose: Purpose;
  @IsString() connection: string;
  @IsIn(PLATFORMS) platform: Platform;
  @IsOptional() @IsString() repository?: string;
  @IsOptional() @IsString() pipeline?: string;
  /** accepted: the platform's run, once its id is known; absent where accepted is all there is. */
  @IsOptional() @ValidateNested() @Type(() => PipelineRunRef) platformRun?: PipelineRunRef;
  /** accepted: `platformRunKey` of that run. */
  @IsOptional() @IsString() platformRunKey?: string;
  /** accepted: the run that it has set going again, as far as the connector knows: what comes of that goes back to the command. */
  @IsOptional() @ValidateNested() @Type(() => RepeatedRun) repeats?: RepeatedRun;
  /** accepted: true when the end will be told by pipelinerun events, false when accepted is the end. */
  @IsOptional() @IsBoolean() followed?: boolean;
  /** rejected: `refused` = the platform said no (4xx, not repeated); `error` = could not be sent. */
  @IsOptional() @IsIn(REJECTIONS) rejection?: (typeof REJECTIONS)[number];
  /** accepted: what later steps may read, as `readOutputs` lets it through. Absent in messages of connectors that do not know it. */
  @IsOptional() @IsObject() outputs?: Outputs;
  /** rejected, unknown, delayed: why, in words for a person; accepted: why there are no outputs though the platform gave some. */
  @IsOptional() @IsString() reason?: string;
  @IsISO8601() occurredAt: string;
}
