import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { ParameterError } from '../http/problem.js';
import { IsTime } from '../http/since.js';

const once = (name: string): { message: string } => ({ message: `${name} must be one text, given once` });

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** As long as runs are kept by default, and a day: more than a year of figures is nothing that one request should count. */
const MOST_DAYS = 366;

/** Which deployments `GET /api/metrics/dora` counts; all that are given must hold. */
export class DoraQuery {
  @ApiPropertyOptional() @IsOptional() @IsString(once('environment')) environment?: string;
  @ApiPropertyOptional() @IsOptional() @IsString(once('flow')) flow?: string;
  @ApiPropertyOptional({ description: 'Of the event that started the run; of a join, of the part that the flow lists first.' }) @IsOptional() @IsString(once('repository')) repository?: string;
  @ApiPropertyOptional({ type: String, example: '30d', description: `Deployments that ended at that time or later; default: ${DEFAULT_DAYS} days before \`until\`, at most ${MOST_DAYS}.` })
  @IsTime('since') since?: Date;
  @ApiPropertyOptional({ type: String, example: '2026-11-30T00:00:00Z', description: 'Deployments that ended before that time; default: now.' })
  @IsTime('until') until?: Date;
}

export interface Period {
  since: Date;
  until: Date;
  days: number;
}

/** @throws ParameterError */
export const periodOf = ({ since, until }: DoraQuery, now: Date): Period => {
  const end = until ?? now;
  const begin = since ?? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS);
  const days = (end.getTime() - begin.getTime()) / DAY_MS;
  if (days <= 0) throw new ParameterError('since', 'must be a time before until');
  if (days > MOST_DAYS) throw new ParameterError('since', `must be at most ${MOST_DAYS} days before until`);
  return { since: begin, until: end, days };
};
