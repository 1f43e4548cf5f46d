import { RetryableError, StoreAwayError } from '@stellwerk/service-kit';
import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isAway, isConflict, isUniqueViolation, translated } from './database-failure.js';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });
const failed = (inner: Error) => new QueryFailedError('SELECT 1', [], inner);

describe('what an error of the database means', () => {
  it.each([
    ...['57P01', '57P02', '57P03', '08006', '08001', '53300', '53100', '25006', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'].map((code) => coded(code, code)),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    new AggregateError([coded('ECONNREFUSED')]),
  ])('%s: it is away, with or without the wrapping of TypeORM', (error) => {
    expect([isAway(error), isAway(failed(error))]).toEqual([true, true]);
    expect(translated(failed(error))).toBeInstanceOf(StoreAwayError);
  });

  it.each([...['23505', '42P01', '42601', '22P02', '23503', '57014'].map((code) => coded(code, code)), new Error('relation "x" does not exist'), new TypeError('a bug')])(
    '%s: it is there, the statement was wrong', (error) => {
      expect(isAway(failed(error))).toBe(false);
      expect(translated(error)).toBe(error);
    });

  it('a lost conflict may be tried again, but is no outage', () => {
    for (const code of ['40001', '40P01']) {
      expect(isConflict(failed(coded(code)))).toBe(true);
      expect(translated(failed(coded(code)))).toBeInstanceOf(RetryableError);
      expect(translated(failed(coded(code)))).not.toBeInstanceOf(StoreAwayError);
    }
  });

  it('a broken unique key is known as such', () => {
    expect([isUniqueViolation(failed(coded('23505'))), isUniqueViolation(failed(coded('23503'))), isUniqueViolation(undefined)]).toEqual([true, false, false]);
  });
});
