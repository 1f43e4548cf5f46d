import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { APPROVAL_STATES, type ApprovalState } from '@stellwerk/contracts';
import { ListQuery } from '../http/list-query.js';

const once = (name: string): { message: string } => ({ message: `${name} must be one text, given once` });

/** Filters of `GET /api/approvals`; all that are given must hold. */
export class ApprovalsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: APPROVAL_STATES, description: '`requested` = the open ones.' })
  @IsOptional() @IsIn(APPROVAL_STATES, { message: `state must be one of ${APPROVAL_STATES.join(', ')}` })
  state?: ApprovalState;

  @ApiPropertyOptional() @IsOptional() @IsString(once('flow')) flow?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('run')) run?: string;
}
