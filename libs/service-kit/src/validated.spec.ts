import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { PermanentError } from './errors.js';
import { validated } from './validated.js';

class Inner {
  @IsInt() n: number;
}

class Outer {
  @IsString() name: string;
  @IsOptional() @ValidateNested() @Type(() => Inner) inner?: Inner;
}

describe('a validated message', () => {
  it('is a new object of the named properties only', () => {
    const raw = JSON.parse('{"name":"a","inner":{"n":1,"x":2},"extra":true,"__proto__":{"admin":true}}') as object;
    const result = validated(Outer, raw);
    expect(result).toBeInstanceOf(Outer);
    expect(JSON.stringify(result)).toBe('{"name":"a","inner":{"n":1}}');
    expect((result as unknown as { admin?: boolean }).admin).toBeUndefined();
  });

  it('is refused for good with every fault at once', () => {
    expect(() => validated(Outer, { name: 1, inner: { n: 'x' } })).toThrow(PermanentError);
    expect(() => validated(Outer, { name: 1, inner: { n: 'x' } })).toThrow('Outer: name must be a string; inner: n must be an integer number');
  });

  it.each([null, undefined, 'text', 7, []])('is never made of %j', (value) => {
    expect(() => validated(Outer, value)).toThrow('Outer: expected an object');
  });
});
