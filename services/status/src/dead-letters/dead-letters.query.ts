import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ListQuery } from '../http/list-query.js';
import { IsTime } from '../http/since.js';

export const LETTER_STATES = ['open', 'replayed', 'purged'] as const;

export type LetterState = (typeof LETTER_STATES)[number];

const once = (name: string): { message: string } => ({ message: `${name} must be one text, given once` });

/** `a,b` or a repeated parameter. */
const toList = ({ value }: { value: unknown }): unknown => {
  const texts = Array.isArray(value) ? value : [value];
  return value === undefined ? undefined : texts.flatMap((text) => (typeof text === 'string' ? text.split(',').filter(Boolean) : [text]));
};

const MANY = 1_000;
const aTime = { type: String, description: 'RFC 3339, or a duration before now: 30m, 2h, 7d.', example: '2h' } as const;

/** Filters of `GET /api/dead-letters`; all that are given must hold. */
export class DeadLettersQuery extends ListQuery {
  @ApiPropertyOptional({ example: 'EVENTS' }) @IsOptional() @IsString(once('stream')) stream?: string;
  @ApiPropertyOptional({ example: 'router-events' }) @IsOptional() @IsString(once('consumer')) consumer?: string;
  @ApiPropertyOptional({ description: 'Id of the message that died, e.g. of a hook or a command.' }) @IsOptional() @IsString(once('messageId')) messageId?: string;
  @ApiPropertyOptional({ ...aTime }) @IsTime('since') since?: Date;
  @ApiPropertyOptional({ ...aTime }) @IsTime('until') until?: Date;

  @ApiPropertyOptional({ enum: LETTER_STATES, isArray: true, description: 'One state, or several by commas.' })
  @IsOptional() @Transform(toList)
  @ArrayNotEmpty({ message: `state must be one of ${LETTER_STATES.join(', ')}` })
  @IsIn(LETTER_STATES, { each: true, message: `state must be one of ${LETTER_STATES.join(', ')}` })
  state?: LetterState[];
}

/** Which open letters an order is about. */
export class LetterSelection extends PickType(DeadLettersQuery, ['stream', 'consumer', 'messageId', 'since', 'until']) {
  @ApiPropertyOptional({ type: [String], description: `Ids of letters, at most ${MANY}.` })
  @IsOptional()
  @ArrayNotEmpty({ message: 'ids must be a list of at least one id' })
  @ArrayMaxSize(MANY, { message: `ids must be at most ${MANY}` })
  @IsString({ each: true, message: 'ids must be texts' })
  ids?: string[];

  @ApiPropertyOptional({ description: 'Needed when nothing else is said: every open letter.' })
  @IsOptional() @IsBoolean({ message: 'all must be true or false' })
  all?: boolean;
}

export class ReplayLetterBody {
  @ApiPropertyOptional({ description: 'Send a letter once more that was replayed before; what was done for it is not done twice.' })
  @IsOptional() @IsBoolean({ message: 'again must be true or false' })
  again?: boolean;
}

const REASON = { message: 'reason must say why, in 1 to 500 characters' };

export class PurgeLetterBody {
  @ApiProperty({ description: 'Why it may go; kept in the audit log.' })
  @IsString(REASON) @IsNotEmpty(REASON) @MaxLength(500, REASON)
  reason: string;
}

export class PurgeLettersBody extends LetterSelection {
  @ApiProperty({ description: 'Why they may go; kept in the audit log.' })
  @IsString(REASON) @IsNotEmpty(REASON) @MaxLength(500, REASON)
  reason: string;
}
