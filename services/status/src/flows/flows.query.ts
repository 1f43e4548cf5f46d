import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';

export class FlowsQuery {
  @ApiPropertyOptional({ type: Boolean, description: 'Also the content of each flow.' })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean({ message: 'content must be true or false' })
  content?: boolean;
}
