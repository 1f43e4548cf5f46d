import { ApiProperty } from '@nestjs/swagger';

const text = { type: String, nullable: true } as const;

export class EventView {
  @ApiProperty() id: string;
  @ApiProperty({ example: 'pipelinerun.finished' }) type: string;
  @ApiProperty({ example: '/connections/github' }) source: string;
  @ApiProperty() subject: string;
  @ApiProperty({ description: 'The thing that happened, whoever told it.' }) fact: string;
  @ApiProperty(text) connection: string | null;
  @ApiProperty(text) repository: string | null;
  @ApiProperty(text) branch: string | null;
  @ApiProperty(text) sha: string | null;
  @ApiProperty({ ...text, description: 'Our run that it belongs to.' }) run: string | null;
  @ApiProperty({ type: String, format: 'date-time' }) occurredAt: string;
  @ApiProperty({ type: String, format: 'date-time' }) recordedAt: string;
  @ApiProperty(text) trace: string | null;
  @ApiProperty({ type: Object }) data: unknown;
}

export class EventList {
  @ApiProperty({ type: [EventView] }) items: EventView[];
  @ApiProperty({ ...text, description: 'Cursor of the next page; null at the end.' }) next: string | null;
}
