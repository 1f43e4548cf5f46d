import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { PlannedUndo, RollbackPlan } from '@stellwerk/contracts';
import { IsBoolean, IsNotEmpty, IsString, ValidateIf } from 'class-validator';
import { bodyOf } from '../http/body-of.js';
import { ParameterError } from '../http/problem.js';

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

/** How a run is rolled back. */
export class RollbackBody {
  @ApiPropertyOptional({ description: 'Only say what would be done.' })
  dryRun?: boolean;
}

class PlannedUndoView implements PlannedUndo {
  @ApiProperty() step: string;
  @ApiProperty({ description: 'False: it cannot be undone, or need not; `reason` says why.' }) undo: boolean;
  @ApiPropertyOptional() reason?: string;
  @ApiPropertyOptional() environment?: string;
  @ApiPropertyOptional({ description: '<connection>/<action>' }) uses?: string;
  @ApiPropertyOptional({ type: Object, description: 'As it would be sent; secrets are references.' }) with?: Record<string, unknown>;
}

export class RollbackPlanView implements RollbackPlan {
  @ApiProperty({ type: [String], description: 'Steps that run now and would be cancelled first.' }) cancels: string[];
  @ApiProperty({ type: [PlannedUndoView], description: 'In the order in which they would be undone.' }) steps: PlannedUndoView[];
}

export class RollbackAnswer extends OrderAnswer {
  @ApiPropertyOptional({ type: RollbackPlanView, description: 'With `dryRun: true`.' }) plan?: RollbackPlanView;
}

/** @throws ProblemError */
export const isDryRun = (body: unknown): boolean => {
  const { dryRun = false } = bodyOf(body, ['dryRun']);
  if (typeof dryRun !== 'boolean') throw new ParameterError('dryRun', 'must be true or false');
  return dryRun;
};
