import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ProblemError, type ParameterFault } from './problem.js';

const faultsOf = (errors: ValidationError[]): ParameterFault[] => errors.flatMap((error) =>
  [...new Set(Object.values(error.constraints ?? {}))].map((detail) => ({ parameter: error.property, detail })));

const refuse = (errors: ValidationError[]): ProblemError => {
  const faults = faultsOf(errors);
  return new ProblemError(400, faults.map((fault) => fault.detail).join('; '), faults);
};

/** Queries and bodies are checked once, here; the answer names each parameter and what was expected. */
export const parametersPipe = (): ValidationPipe => new ValidationPipe({ transform: true, whitelist: true, exceptionFactory: refuse });
