import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { DECISIONS, LONGEST_COMMENT, type Decision } from '@stellwerk/contracts';

const COMMENT = { message: `comment must be a text of at most ${LONGEST_COMMENT} characters` };

export class VoteBody {
  @ApiProperty({ enum: DECISIONS, description: 'One deny ends the step.' })
  @IsIn(DECISIONS, { message: `decision must be one of ${DECISIONS.join(', ')}` })
  decision: Decision;

  @ApiPropertyOptional({ maxLength: LONGEST_COMMENT, description: 'Kept with the vote, and shown.' })
  @IsOptional() @IsString(COMMENT) @MaxLength(LONGEST_COMMENT, COMMENT)
  comment?: string;
}
