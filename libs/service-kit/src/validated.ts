import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { PermanentError } from './errors.js';
import { quickCheck } from './quick-check.js';

const faultsOf = (errors: ValidationError[], path = ''): string[] => errors.flatMap((error) => {
  const here = path === '' ? error.property : `${path}.${error.property}`;
  return [
    ...Object.values(error.constraints ?? {}).map((text) => (path === '' ? text : `${path}: ${text}`)),
    ...faultsOf(error.children ?? [], here),
  ];
});

/**
 * A new object of the class holding the decorated properties of `value` only.
 * Throws PermanentError that names every fault.
 */
export function validated<T extends object>(cls: new () => T, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PermanentError(`${cls.name}: expected an object`);
  }
  const quick = quickCheck(cls, value);
  if (quick) return quick;
  const instance = plainToInstance(cls, value);
  const faults = faultsOf(validateSync(instance, { whitelist: true, forbidUnknownValues: false }));
  if (faults.length > 0) throw new PermanentError(`${cls.name}: ${faults.join('; ')}`);
  return instance;
}
