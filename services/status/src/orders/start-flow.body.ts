import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { bodyOf } from '../http/body-of.js';
import { ParameterError } from '../http/problem.js';

/** How a flow is started by hand. */
export class StartBody {
  @ApiPropertyOptional({ type: Object, example: { version: 'v7' }, description: 'By the names that the flow declares; nothing is converted.' })
  inputs?: Record<string, unknown>;
}

class StartLinks {
  @ApiProperty({ example: '/api/runs/0d2f…' }) run: string;
  @ApiProperty({ description: 'For people.' }) page: string;
}

export class StartAnswer {
  @ApiProperty({ description: "The run's id. It is there a moment later." }) id: string;
  @ApiProperty() detail: string;
  @ApiProperty({ description: 'Somebody ordered the same before, by the same Idempotency-Key.' }) duplicate: boolean;
  @ApiProperty() links: StartLinks;
}

/** @throws ProblemError */
export const inputsOf = (body: unknown): Record<string, unknown> => {
  const { inputs = {} } = bodyOf(body, ['inputs']);
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) throw new ParameterError('inputs', 'must be an object with the names and values of inputs');
  return inputs as Record<string, unknown>;
};

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws ProblemError */
export const keyOf = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ParameterError('Idempotency-Key', 'must be 1 to 255 printable ASCII characters without spaces, given once');
};
