import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsOptional, IsString, Matches } from 'class-validator';
import { IsTime } from '../http/since.js';

const MANY = 1_000;

/** Which stored hooks are to be normalized again. */
export class HooksReplayBody {
  @ApiPropertyOptional({ type: String, example: '2h', description: 'Hooks received since then: RFC 3339, or a duration before now. Required without ids.' })
  @IsTime('since') since?: Date;

  @ApiPropertyOptional({ type: String, description: 'Hooks received until then; now when absent.' })
  @IsTime('until') until?: Date;

  @ApiPropertyOptional({ description: 'Hooks of one connection.' })
  @IsOptional() @IsString({ message: 'connection must be one name' }) @Matches(/^[a-z0-9-]+$/, { message: 'connection must be a name: a-z, 0-9 and -' })
  connection?: string;

  @ApiPropertyOptional({ type: [String], description: `Ids of hooks, at most ${MANY}.` })
  @IsOptional()
  @ArrayNotEmpty({ message: 'ids must be a list of at least one id' })
  @ArrayMaxSize(MANY, { message: `ids must be at most ${MANY}` })
  @IsString({ each: true, message: 'ids must be texts' })
  ids?: string[];

  @ApiPropertyOptional({ description: 'Make new facts: whatever these hooks have started starts once more. Without it only what never started does.' })
  @IsOptional() @IsBoolean({ message: 'again must be true or false' })
  again?: boolean;

  @ApiPropertyOptional({ description: 'Count only.' })
  @IsOptional() @IsBoolean({ message: 'dryRun must be true or false' })
  dryRun?: boolean;
}
