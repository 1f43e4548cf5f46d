import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsISO8601, IsNumber, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { SUBJECT_TOKEN } from '../subjects.js';
import { PipelinePlace } from './pipeline.message.js';

/** A part of a join that has come. */
export class CameToJoin {
  /** Of the part. */
  @IsString() name: string;
  /** Id of the event. */
  @IsString() event: string;
  /** Where to look at it. */
  @IsOptional() @IsString() url?: string;
}

/** The time of a join is over, and parts of it are missing. Data of `events.router.join.missing` and `status.join.<flow>.missing`. */
export class JoinMissing {
  /** `joinId`. */
  @IsString() join: string;
  // It becomes a token of the status subjects.
  @Matches(SUBJECT_TOKEN) flow: string;
  /** What its events have in common. */
  @IsString() key: string;
  /** Names of the parts that did not come. */
  @IsArray() @ArrayMinSize(1) @IsString({ each: true }) missing: string[];
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) @Type(() => CameToJoin) came: CameToJoin[];
  @IsISO8601() openedAt: string;
  @IsISO8601() endedAt: string;
  @IsNumber() withinSeconds: number;
  /** Of the event that came last; absent = not known. */
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsString() repository?: string;
  @IsOptional() @IsString() branch?: string;
  @IsOptional() @IsString() sha?: string;
  @IsOptional() @IsString() tag?: string;
  /** Whose run it would have been, whichever part came last. To be read by `pipelineOf`, with this as its event. */
  @IsOptional() @ValidateNested() @Type(() => PipelinePlace) pipeline?: PipelinePlace;
}
