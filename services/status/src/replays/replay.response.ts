import { ApiProperty } from '@nestjs/swagger';
import type { ReplayRow } from './replays.repository.js';

const text = { type: String, nullable: true } as const;

export class ReplayView {
  @ApiProperty({ description: 'The n of `<message id>:replay:<n>`.' }) number: number;
  @ApiProperty({ enum: ['dead-letters', 'hooks'] }) kind: string;
  @ApiProperty({ enum: ['running', 'done', 'stopped'] }) state: string;
  @ApiProperty({ description: 'Who ordered it.' }) by: string;
  @ApiProperty({ type: Object }) filter: Record<string, unknown>;
  @ApiProperty({ description: 'True: it makes new facts, so that runs start again.' }) again: boolean;
  @ApiProperty({ description: 'True: nothing is sent, only counted.' }) dryRun: boolean;
  @ApiProperty({ description: 'Messages looked at.' }) scanned: number;
  @ApiProperty({ description: 'Messages that the filter fits.' }) matched: number;
  @ApiProperty({ description: 'Messages that their stream has taken.' }) sent: number;
  @ApiProperty({ description: 'Messages that could not be sent; each letter says why.' }) failed: number;
  @ApiProperty({ ...text, description: 'What it waits for.' }) detail: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ ...text, format: 'date-time' }) finishedAt: string | null;
}

export class ReplayList {
  @ApiProperty({ type: [ReplayView] }) items: ReplayView[];
  @ApiProperty({ ...text, description: 'Cursor of the next page.' }) next: string | null;
}

export const replayView = (row: ReplayRow): ReplayView => ({
  number: Number(row.number), kind: row.kind, state: row.state, by: row.person, filter: row.filter, again: row.again, dryRun: row.dry_run,
  scanned: Number(row.scanned), matched: row.matched, sent: row.sent, failed: row.failed, detail: row.detail,
  createdAt: row.created_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null,
});
