import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsBoolean, IsOptional, IsString, Length } from 'class-validator';

/** Each takes a call or two, and a person waits. */
const MANY = 20;

export class SetUpBody {
  @ApiPropertyOptional({ type: [String], description: `Repositories or projects, at most ${MANY}; all that lead to the connection when absent.` })
  @IsOptional()
  @ArrayNotEmpty({ message: 'repositories must be a list of at least one name' })
  @ArrayMaxSize(MANY, { message: `repositories must be at most ${MANY}` })
  @IsString({ each: true, message: 'repositories must be texts' })
  @Length(1, 300, { each: true, message: 'repositories must be names' })
  repositories?: string[];

  @ApiPropertyOptional({ description: 'Only say what would be changed.' })
  @IsOptional()
  @IsBoolean({ message: 'dryRun must be true or false' })
  dryRun?: boolean;
}

export class HookChangeView {
  @ApiProperty({ description: 'The repository, project or organization.' }) place: string;
  @ApiProperty({ enum: ['none', 'create', 'change', 'by-hand', 'refused'] }) action: string;
  @ApiProperty({ type: [String], description: 'What changes, or why it does not.' }) lines: string[];
  @ApiProperty({ description: 'False in a dry run, and where it could not be done.' }) done: boolean;
}

export class SetUpAnswer {
  @ApiProperty({ type: [HookChangeView] }) changes: HookChangeView[];
}
