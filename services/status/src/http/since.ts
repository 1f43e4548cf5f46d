import { Transform } from 'class-transformer';
import { IsDate, ValidateIf } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { readTime } from './read-time.js';

/** An optional time as a parameter of a query or body: a Date after validation. */
export const IsTime = (name: string): PropertyDecorator => applyDecorators(
  ValidateIf((_object, value) => value !== undefined),
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? readTime(value, new Date()) ?? value : value)),
  IsDate({ message: `${name} must be an RFC 3339 time or a duration before now, e.g. 2026-11-24T08:00:00Z or 2h` }),
);
