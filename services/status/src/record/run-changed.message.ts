import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import {
  PipelinePlace, RUN_STATES, SUBJECT_TOKEN, type JoinedEvent, type RunCause, type RunChanged, type RunRetried, type RunSnapshot, type RunState, type StepSnapshot,
} from '@stellwerk/contracts';

/** The parts of a run that are read here by name; steps are kept as they were told. */
export class ReceivedRun implements RunSnapshot {
  @IsString() id: string;
  // It becomes a token of the status subjects.
  @Matches(SUBJECT_TOKEN) flow: string;
  @IsString() revision: string;
  @IsIn(RUN_STATES) state: RunState;
  @IsOptional() @IsString() reason?: string;
  @IsObject() event: RunCause;
  @IsOptional() @IsObject() events?: Record<string, JoinedEvent>;
  @IsOptional() @ValidateNested() @Type(() => PipelinePlace) pipeline?: PipelinePlace;
  @IsArray() steps: StepSnapshot[];
  @IsOptional() @IsObject() inputs?: RunSnapshot['inputs'];
  @IsInt() attempt: number;
  @IsOptional() @IsObject() retried?: RunRetried;
  @IsOptional() @IsInt() rollbacks?: number;
  @IsInt() version: number;
  @IsISO8601() createdAt: string;
  @IsOptional() @IsISO8601() startedAt?: string;
  @IsOptional() @IsISO8601() finishedAt?: string;
  @IsOptional() @IsString() trace?: string;
}

/** `RunChanged` as it enters here. */
export class ReceivedRunChanged implements RunChanged {
  @IsObject() @ValidateNested() @Type(() => ReceivedRun) run: ReceivedRun;
  @IsOptional() @IsString() step?: string;
  @IsOptional() @IsIn(RUN_STATES) previous?: RunState;
  @IsOptional() @IsArray() @IsString({ each: true }) moved?: string[];
  @IsOptional() @IsArray() @IsString({ each: true }) awaits?: string[];
}
