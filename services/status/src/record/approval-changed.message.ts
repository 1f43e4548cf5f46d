import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { APPROVAL_STATES, SUBJECT_TOKEN, type Approval, type ApprovalChanged, type ApprovalState, type ApprovalVote } from '@stellwerk/contracts';
import { ReceivedRun } from './run-changed.message.js';

class ReceivedApproval implements Approval {
  @IsString() id: string;
  @IsString() run: string;
  // It becomes a token of the status subjects.
  @Matches(SUBJECT_TOKEN) flow: string;
  @IsString() step: string;
  @IsOptional() @IsString() environment?: string;
  @IsIn(APPROVAL_STATES) state: ApprovalState;
  @IsArray() @IsString({ each: true }) by: string[];
  @IsInt() count: number;
  @IsBoolean() notAuthor: boolean;
  @IsArray() votes: ApprovalVote[];
  @IsISO8601() requestedAt: string;
  @IsOptional() @IsISO8601() until?: string;
  @IsOptional() @IsISO8601() decidedAt?: string;
  @IsOptional() @IsString() reason?: string;
  @IsInt() version: number;
}

/** `ApprovalChanged` as it enters here. */
export class ReceivedApprovalChanged implements ApprovalChanged {
  @IsObject() @ValidateNested() @Type(() => ReceivedApproval) approval: ReceivedApproval;
  @IsObject() @ValidateNested() @Type(() => ReceivedRun) run: ReceivedRun;
}
