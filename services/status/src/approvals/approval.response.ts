import { ApiProperty } from '@nestjs/swagger';
import { APPROVAL_STATES, DECISIONS, type ApprovalState, type Decision } from '@stellwerk/contracts';

const text = { type: String, nullable: true } as const;
const time = { type: String, format: 'date-time', nullable: true } as const;

export class VoteView {
  @ApiProperty() by: string;
  @ApiProperty({ enum: DECISIONS }) decision: Decision;
  @ApiProperty({ type: String, format: 'date-time' }) at: string;
  @ApiProperty(text) comment: string | null;
}

/** What a step asks people for. */
export class ApprovalView {
  @ApiProperty() id: string;
  @ApiProperty({ enum: APPROVAL_STATES, description: '`requested` while it is open.' }) state: ApprovalState;
  @ApiProperty() run: string;
  @ApiProperty() flow: string;
  @ApiProperty() step: string;
  @ApiProperty({ ...text, description: 'The environment whose rule it is; null for a step of its own.' }) environment: string | null;
  @ApiProperty({ type: [String], description: 'People, and team:<name>.' }) by: string[];
  @ApiProperty({ description: 'So many different people have to approve.' }) count: number;
  @ApiProperty({ description: 'The actor of the event that started the run must not vote.' }) notAuthor: boolean;
  @ApiProperty({ type: [VoteView] }) votes: VoteView[];
  @ApiProperty({ type: String, format: 'date-time' }) requestedAt: string;
  @ApiProperty({ ...time, description: 'When it expires.' }) until: string | null;
  @ApiProperty(time) decidedAt: string | null;
  @ApiProperty(text) reason: string | null;
}
