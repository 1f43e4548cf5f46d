import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsNotEmpty, IsString, ValidateIf } from 'class-validator';

/** A person settles a step of which nobody knows whether it ran. */
export class ResolveBody {
  @ApiProperty({ description: 'Whether the platform did run it.' })
  @IsBoolean({ message: 'ran must be true or false' })
  ran: boolean;

  @ApiPropertyOptional({ description: "The platform's run id; required with `ran: true`." })
  @ValidateIf((body: ResolveBody) => body.ran === true || body.run !== undefined)
  @IsString({ message: "run must be the platform's run id, a text, when ran is true" })
  @IsNotEmpty({ message: "run must be the platform's run id, a text, when ran is true" })
  run?: string;
}

export class OrderAnswer {
  @ApiProperty() detail: string;
}
