import { ApiProperty } from '@nestjs/swagger';
import { RunEventView } from '../runs/run.response.js';
import { ApprovalView } from './approval.response.js';

export class ListedApproval extends ApprovalView {
  @ApiProperty({ description: 'What started the run.' }) event: RunEventView;
}

export class ApprovalList {
  @ApiProperty({ type: [ListedApproval] }) items: ListedApproval[];
  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page; null at the end.' }) next: string | null;
}
