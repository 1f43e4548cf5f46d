import { plainToInstance, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Matches, ValidateIf, ValidateNested, validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickCheck } from './quick-check.js';

class Inner {
  @IsInt() n: number;
  @IsOptional() @IsString() text?: string;
}

class Outer {
  @Matches(/^[a-z]+$/) name: string;
  @IsIn(['a', 'b']) state: string;
  @IsOptional() @IsISO8601() at?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) list?: string[];
  @IsOptional() @IsObject() free?: Record<string, unknown>;
  @ValidateNested() @Type(() => Inner) inner: Inner;
}

class Listed {
  @ValidateNested({ each: true }) @Type(() => Inner) inner: Inner[];
}

class Conditional {
  @ValidateIf(({ n }: Conditional) => n > 1) @IsString() name: string;
  @IsInt() n: number;
}

// Of keys such as toString the library leaves out what is in free objects; that is an accident of it.
const key = fc.string().filter((name) => !(name in {}));
const anything = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.array(fc.string()), fc.object({ key }));
/** Mostly what is expected, as everything at once has to be right. */
const mostly = (...expected: unknown[]) => fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...expected) }, { weight: 1, arbitrary: anything });
const outer = fc.record({
  name: mostly('abc'), state: mostly('a', 'b'), at: mostly('2026-01-01T00:00:00.000Z', undefined, null), list: mostly(['x'], [], undefined), free: mostly({ a: [1] }),
  more: anything, inner: fc.oneof({ weight: 1, arbitrary: anything }, { weight: 9, arbitrary: fc.record({ n: mostly(1, -7), text: mostly('t'), more: anything }, { requiredKeys: ['n'] }) }),
}, { requiredKeys: ['name', 'state'] });

describe('the quick check', () => {
  it('takes exactly what the libraries take, and gives the same object', () => {
    let taken = 0;
    fc.assert(fc.property(outer, (value) => {
      const instance = plainToInstance(Outer, value);
      const valid = validateSync(instance, { whitelist: true, forbidUnknownValues: false }).length === 0;
      const quick = quickCheck(Outer, value);
      // They let a nested object be missing, or an empty list: what is no object is left to them.
      expect(quick !== undefined).toBe(valid && value.inner !== undefined && !Array.isArray(value.inner));
      if (!quick) return;
      taken += 1;
      expect(quick).toBeInstanceOf(Outer);
      expect(quick.inner).toBeInstanceOf(Inner);
      expect(quick).toEqual(instance);
    }), { numRuns: 1_000 });
    expect(taken).toBeGreaterThan(100);
  });

  it.each([[Listed, { inner: [{ n: 1 }] }], [Conditional, { n: 1 }]])('leaves what it does not understand to them: %o', (cls, value) => {
    expect(quickCheck<object>(cls, value)).toBeUndefined();
  });
});
