import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, IsIn, IsOptional, IsString } from 'class-validator';
import { RUN_STATES, type RunState } from '@stellwerk/contracts';
import { ListQuery } from '../http/list-query.js';

/** `a,b` or a repeated parameter. */
const toList = ({ value }: { value: unknown }): unknown => {
  const texts = Array.isArray(value) ? value : [value];
  return value === undefined ? undefined : texts.flatMap((text) => (typeof text === 'string' ? text.split(',').filter(Boolean) : [text]));
};

const once = (name: string): { message: string } => ({ message: `${name} must be one text, given once` });

/** Filters of `GET /api/runs`; all that are given must hold. */
export class RunsQuery extends ListQuery {
  @ApiPropertyOptional() @IsOptional() @IsString(once('flow')) flow?: string;

  @ApiPropertyOptional({ enum: RUN_STATES, isArray: true, description: 'One state, or several by commas.' })
  @IsOptional() @Transform(toList)
  @ArrayNotEmpty({ message: `state must be one of ${RUN_STATES.join(', ')}` })
  @IsIn(RUN_STATES, { each: true, message: `state must be one of ${RUN_STATES.join(', ')}` })
  state?: RunState[];

  @ApiPropertyOptional() @IsOptional() @IsString(once('repository')) repository?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('branch')) branch?: string;
  @ApiPropertyOptional({ description: 'A commit id or its beginning.' }) @IsOptional() @IsString(once('sha')) sha?: string;
}
