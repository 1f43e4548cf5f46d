import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { RunsQuery } from '../runs/runs.query.js';

/** Filters of the stream, and where to go on. */
export class StreamQuery extends PickType(RunsQuery, ['flow', 'state', 'repository', 'branch', 'sha']) {
  @ApiPropertyOptional({ description: 'The `id` of the last event seen; `Last-Event-ID` does the same.' })
  @IsOptional() @IsString({ message: 'cursor must be one text, given once' })
  cursor?: string;
}
