import type { SecretRef } from '../model.js';

/** True for `{ env: NAME }` and `{ file: PATH }`, and nothing more in it. */
export const isSecretRef = (value: unknown): value is SecretRef => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [first, ...others] = Object.entries(value);
  return first !== undefined && others.length === 0 && ['env', 'file'].includes(first[0]) && typeof first[1] === 'string';
};
