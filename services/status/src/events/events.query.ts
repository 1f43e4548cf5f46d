import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { IsTime } from '../http/since.js';
import { ListQuery } from '../http/list-query.js';

const once = (name: string): { message: string } => ({ message: `${name} must be one text, given once` });

/** Filters of `GET /api/events`; all that are given must hold. */
export class EventsQuery extends ListQuery {
  @ApiPropertyOptional({ example: 'pipelinerun.finished' }) @IsOptional() @IsString(once('type')) type?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('connection')) connection?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('repository')) repository?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('branch')) branch?: string;
  @ApiPropertyOptional({ description: 'A commit id or its beginning.' }) @IsOptional() @IsString(once('sha')) sha?: string;
  @ApiPropertyOptional({ description: 'Id of a run: its cause, its own events, and those of the platform runs it started.' })
  @IsOptional() @IsString(once('run')) run?: string;
  @ApiPropertyOptional({ enum: ['platform'], description: '`platform`: only what platforms told, which is what starts flows.' })
  @IsOptional() @IsIn(['platform'], { message: 'kind must be platform' }) kind?: 'platform';
  @ApiPropertyOptional({ type: String, example: '7d', description: 'Recorded at that time or later.' }) @IsTime('since') since?: Date;
  @ApiPropertyOptional({ type: String, example: '2026-11-24T08:00:00Z', description: 'Recorded before that time.' }) @IsTime('until') until?: Date;
}
