import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import {
  PipelinePlace, RUN_STATES, type Approval, type ApprovalChanged, type JoinedEvent, type RunCause, type RunSnapshot, type RunState, type RunStatus, type StepSnapshot,
} from '@stellwerk/contracts';

class ToldRun implements RunSnapshot {
  @IsString() id: string;
  @IsString() flow: string;
  @IsString() revision: string;
  @IsIn(RUN_STATES) state: RunState;
  @IsOptional() @IsString() reason?: string;
  @IsObject() event: RunCause;
  @IsOptional() @IsObject() events?: Record<string, JoinedEvent>;
  @IsOptional() @ValidateNested() @Type(() => PipelinePlace) pipeline?: PipelinePlace;
  @IsArray() steps: StepSnapshot[];
  @IsInt() attempt: number;
  @IsOptional() @IsInt() rollbacks?: number;
  @IsInt() version: number;
  @IsISO8601() createdAt: string;
  @IsOptional() @IsISO8601() startedAt?: string;
  @IsOptional() @IsISO8601() finishedAt?: string;
  @IsOptional() @IsString() trace?: string;
}

/** `RunStatus` as it enters here. */
export class ToldRunStatus implements RunStatus {
  @IsObject() @ValidateNested() @Type(() => ToldRun) run: ToldRun;
  @IsOptional() @IsIn(RUN_STATES) previous?: RunState;
  @IsBoolean() recovered: boolean;
  @IsOptional() @IsArray() @IsString({ each: true }) awaits?: string[];
}

class ToldApproval {
  @IsString() id: string;
  @IsString() step: string;
}

/** `ApprovalChanged` as it enters here: only what a message needs is checked. */
export class ToldApprovalChanged implements ApprovalChanged {
  @IsObject() @ValidateNested() @Type(() => ToldApproval) approval: Approval;
  @IsObject() @ValidateNested() @Type(() => ToldRun) run: ToldRun;
}
